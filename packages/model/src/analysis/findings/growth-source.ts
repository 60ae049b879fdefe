/** A way → sentences on where it comes from: the cause, what keeps it, where it forks, whose memory it is. */
import type { DescribedWay, GrowthBranch, GrowthPlace } from '../../growth/growth.js';
import { describeArenaPart } from '../arenas.js';
import { countNoun, formatBytes, formatCount } from '../format-quantity.js';
import { moduleOfFile } from '../module-of-file.js';
import { startsThread } from '../thread-starters.js';
import { OWN_ALLOCATORS } from '../peak/mapped-memory.js';
import { cutName, cutNameTo } from './finding-place.js';
import { describeEntryCount, fileOf, isOfArenas, namePlace, TRACE_FLAG } from './growth-text.js';

/** Of what a function holds: a line with less is not told beside its heaviest. */
const LEAST_LINE_SHARE = 0.1;
const MOST_LINES = 3;
/** With fewer arenas the end of a way is chance; so many must be a branch's. */
const LEAST_ARENAS_OF_TIP = 20;
const LEAST_ARENAS_OF_BRANCH = 8;
/** Of the bytes. */
const LEAST_TOLD_ARENAS = 0.1;
const LEAST_TOLD_OWNER = 0.01;
/** From so many of the bytes on, all of it is told to be arenas. */
const NEARLY_ALL_ARENAS = 0.9;
const MOST_BRANCHES = 3;
const MOST_WAY = 5;
/** A function on the way fits on a line. */
const LONGEST_STEP = 60;
const MIB = 1024 * 1024;
/** That it is the application's own says no more than the way does. */
const APPLICATION = 'application';
/** Nodes of a graph are made for results that gradients could be asked of. */
const AUTOGRAD = 'torch.autograd';
const KEPT_GRAPH =
  'Results are kept with their autograd graph, which holds all activations they were made from: compute them in ' +
  'torch.no_grad(), or keep result.detach().';
/** A line of Python makes fewer by itself. */
const LEAST_BLOCKS = 8;

/** Sentences on where it comes from, most telling first. */
export function describeSource(growth: DescribedWay, grows = true): string[] {
  const { way, tip, branches, aside, applicationBelow, container, owners, threadBytes, libraryCalls, name, isNative } =
    growth;
  const ofArenas = isOfArenas(growth);
  const reloaded = describeReloads(growth);
  const sentences = describeCause(growth, reloaded);
  const isTold =
    container === null || aside.some(({ file, line }) => file === container.file && line === container.line);
  if (!isTold) sentences.push(describeContainer(container, grows));
  sentences.push(...describeLines(growth));
  if (name !== null && threadBytes > 0) {
    sentences.push(`${formatBytes(threadBytes)} of it are native threads', without a Python frame, and rose with it.`);
  }
  if (libraryCalls.length > 0) {
    sentences.push(`What calls ${callee(growth)}: ${libraryCalls.map(namePlace).join(', ')}.`);
  }
  if (ofArenas) {
    const most = branches.filter(({ bytes }) => bytes >= LEAST_ARENAS_OF_BRANCH * MIB).slice(0, MOST_BRANCHES);
    if (most.length > 0) sentences.push(`Most was made in ${most.map(describeBranch).join(', ')}.`);
    if (tip !== null && growth.arenas >= LEAST_ARENAS_OF_TIP && !isStandard(tip) && !isOneOf(tip, branches)) {
      sentences.push(`Below it: ${namePlace(tip)}.`);
    }
    sentences.push(describeArenas(growth));
  } else {
    if (growth.arenaBytes >= LEAST_TOLD_ARENAS * growth.bytes) sentences.push(describeArenaPart(growth));
    if (tip !== null && tip.file !== null && moduleOfFile(tip.file).kind !== 'importSystem' && !isOneOf(tip, branches))
      sentences.push(`Below it: ${namePlace(tip)}.`);
    // Native code without names would only repeat its module.
    if (reloaded === null && branches.some(({ file }) => file !== null)) {
      sentences.push(`It forks: ${branches.slice(0, MOST_BRANCHES).map(describeBranch).join(', ')}.`);
    }
  }
  sentences.push(...describeBlocks(growth));
  if (aside.length > 0) {
    const list = aside.slice(0, MOST_BRANCHES).map((each) => `${namePlace(each)} ${formatBytes(each.bytes)}`);
    sentences.push(`With it counts what grows beside: ${list.join(', ')}.`);
  }
  if (applicationBelow.length > 0) {
    const list = applicationBelow.map((each) => `${namePlace(each)} ${formatBytes(each.bytes)}`).join(', ');
    sentences.push(`Lines of the application below it: ${list}.`);
  }
  const told = owners.filter(({ bytes }) => bytes >= LEAST_TOLD_OWNER * growth.bytes);
  if (told.some(({ library }) => library !== APPLICATION)) {
    const list = told.map(({ library, bytes }) => `${cutName(library)} ${formatBytes(bytes)}`).join(', ');
    sentences.push(`Whose memory: ${list}.`);
    const own = told.find((each) => OWN_ALLOCATORS.has(each.library) && each.mappedBytes >= each.bytes / 2);
    if (own !== undefined) {
      const name = OWN_ALLOCATORS.get(own.library);
      sentences.push(
        `${cutName(own.library)} has its own allocator${(name ?? null) === null ? '' : ` (${name})`}: these bytes are what it ` +
          'mapped, not what is in use.',
      );
    }
  }
  const isBare = name === null;
  const callers = way.filter(({ file, functionName }) =>
    isBare ? !startsThread(functionName) : moduleOfFile(file).kind === 'application',
  );
  if (isBare && !isNative) {
    sentences.push('Native threads asked for it, or the interpreter itself: a recording with --native says who.');
  }
  if (callers.length > (isBare ? 0 : 1)) {
    const all = callers.map(({ functionName }) => cutNameTo(LONGEST_STEP, functionName ?? '?'));
    // Frames without a name have that of their module.
    const names = all.filter((name, at) => name !== all[at - 1]);
    sentences.push(`Way: ${names.length > MOST_WAY ? '… → ' : ''}${names.slice(-MOST_WAY).join(' → ')}.`);
  }
  return sentences;
}

function describeContainer(container: NonNullable<DescribedWay['container']>, grows: boolean): string {
  const { callers, bytes, holdsTasks, entries } = container;
  const filled = callers.map(namePlace).join(' ← ');
  if (holdsTasks) {
    const by = filled === '' ? '' : `; started by ${filled}`;
    return `asyncio's set of tasks ${grows ? 'grows' : 'grew'} with it (${formatBytes(bytes)}): tasks that do not end${by}.`;
  }
  const from = filled === '' ? '' : `, filled from ${filled}`;
  const what = entries === null ? 'A table' : `A list of about ${describeEntryCount(entries)} entries`;
  return `${what} ${grows ? 'grows' : 'grew'} with it: ${namePlace(container)} ${formatBytes(bytes)}${from}.`;
}

/** What is known of why it is kept. */
function describeCause({ futures, owners, bytes }: DescribedWay, reloaded: string | null): string[] {
  const sentences: string[] = [];
  if (reloaded !== null) sentences.push(reloaded);
  if (futures !== null) {
    sentences.push(`${countNoun(futures.count, futures.kind)} are kept beside it, made by ${namePlace(futures)}.`);
  }
  if (owners.some((each) => each.library === AUTOGRAD && each.bytes >= LEAST_TOLD_OWNER * bytes)) {
    sentences.push(KEPT_GRAPH);
  }
  return sentences;
}

function isOneOf(place: GrowthPlace, others: readonly GrowthPlace[]): boolean {
  return others.some(({ functionName, file, line }) => {
    return functionName === place.functionName && file === place.file && line === place.line;
  });
}

/** Where several lines of the function share it, and no branches tell that. */
function describeLines(growth: DescribedWay): string[] {
  const { lines, name, branches } = growth;
  if (isOfArenas(growth) || branches.some(({ functionName }) => functionName === name?.functionName)) return [];
  const whole = lines.reduce((sum, { bytes }) => sum + bytes, 0);
  const told = lines.filter(({ bytes }) => bytes >= LEAST_LINE_SHARE * whole).slice(0, MOST_LINES);
  if (told.length < 2) return [];
  return [`Of it, ${told.map(({ line, bytes }) => `${formatBytes(bytes)} through line ${line}`).join(', ')}.`];
}

/** Many blocks in a round of one line are a library's, whose function Python's stack does not show. */
function describeBlocks(growth: DescribedWay): string[] {
  const { count, rounds, tip, branches, isNative, name } = growth;
  if (isNative || name === null || rounds === null || tip !== null || branches.length > 0 || isOfArenas(growth))
    return [];
  const blocks = Math.round(count / rounds);
  if (blocks < LEAST_BLOCKS) return [];
  return [`${formatCount(blocks)} blocks a round at one line are native code's: record with --native to see whose.`];
}

/** Where the import system is on the way, it runs the code of a module anew each time; null elsewhere. */
function describeReloads({ branches, tip, rounds }: DescribedWay): string | null {
  const isImport = ({ file }: GrowthPlace): boolean => file !== null && moduleOfFile(file).kind === 'importSystem';
  if (!branches.some(isImport) && !(tip !== null && isImport(tip))) return null;
  const modules = branches
    .flatMap(({ application, end }) => [application, end])
    .find((place) => place !== null && place.functionName === '<module>');
  const name = modules === undefined || modules === null ? 'A module' : fileOf(modules);
  const often = rounds === null ? 'again and again' : 'in each round';
  return `${name} is imported anew ${often}, and what it defines is kept.`;
}

/** "handle (app.py:17) 140 MiB → get_session (app.py:12) → create (lib/session.py:764) 135 MiB". */
function describeBranch({ application, end, bytes, ...branch }: GrowthBranch): string {
  const size = formatBytes(bytes);
  const endSize = end === null ? size : formatBytes(end.bytes);
  return [
    `${namePlace(branch)} ${size}`,
    ...(application === null ? [] : [namePlace(application)]),
    ...(end === null ? [] : [`${namePlace(end)}${endSize === size ? '' : ` ${endSize}`}`]),
  ].join(' → ');
}

function describeArenas({ arenas, arenaBytes, bytes }: DescribedWay): string {
  const what =
    arenaBytes >= NEARLY_ALL_ARENAS * bytes
      ? 'These are Python objects'
      : `${formatBytes(arenaBytes)} of it are Python objects`;
  return `${what} (${countNoun(arenas, 'arena')}): which line keeps them only a recording with ${TRACE_FLAG} says.`;
}

/** The library whose threads hold most of it. */
function callee({ owners }: DescribedWay): string {
  const first = owners.find(({ library }) => library !== APPLICATION);
  return first === undefined ? 'it' : cutName(first.library);
}

/** Where the interpreter's own library leads, as an event loop does, says nothing. */
function isStandard({ file }: GrowthPlace): boolean {
  return ['standardLibrary', 'importSystem'].includes(moduleOfFile(file).kind);
}
