/** What was measured to plain, aligned text: one table per capture or question, ratios beside times, targets beside both. */
import { basename } from 'node:path';

import { formatBytes, formatCount } from '@memscope/model';

import type { BenchResult, Machine } from './bench-result.js';
import type { CaptureResult, CommandResult } from './end-to-end-capture.js';
import type { EndToEndResult, GrowthResult, StartResult } from './end-to-end-suite.js';
import type { KernelResult } from './kernel-suite.js';
import { renderPage } from './render-page.js';
import type { StoreResult } from './store-suite.js';
import type { Verdict } from './targets.js';
import { renderTable, type Column } from './text-table.js';
import type { ViewsResult } from './views-suite.js';

const NOTHING = '–';

/** Ends with a line break. */
export function renderResult(result: BenchResult): string {
  const blocks = [
    renderMachine(result.machine, result.runs),
    ...(result.kernel ?? []).map(renderKernel),
    ...(result.store === null ? [] : [renderStore(result.store)]),
    ...(result.views === null ? [] : [renderViews(result.views)]),
    ...(result.page === null ? [] : renderPage(result.page)),
    ...(result.endToEnd === null ? [] : renderEndToEnd(result.endToEnd)),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function renderMachine({ processor, cores, memoryBytes, platform, node, load }: Machine, runs: number): string[] {
  return [
    `${processor}, ${cores} cores, ${formatBytes(memoryBytes)}, ${platform}, Node ${node}; load ${load.toFixed(2)}`,
    `medians of ${runs}, in turns; the smaller the load and the closer the runs, the better the numbers`,
  ];
}

function renderKernel(result: KernelResult): string[] {
  const { version, records, allocations, deallocations, rawBytes, lz4Bytes, stages } = result;
  const columns: Column[] = [
    { title: 'stage', align: 'left' },
    { title: 'seconds', align: 'right' },
    { title: 'ratio', align: 'right' },
    { title: 'M records/s', align: 'right' },
    { title: 'per second', align: 'right' },
    { title: 'memory', align: 'right' },
  ];
  return [
    `kernel, version ${version}: ${formatCount(records)} records (${formatCount(allocations)} allocations, ` +
      `${formatCount(deallocations)} deallocations), ${formatBytes(rawBytes)} raw, ${formatBytes(lz4Bytes)} LZ4`,
    ...renderTable(
      columns,
      stages.map(({ name, seconds, ratio, recordsPerSecond, bytesPerSecond, memoryBytes }) => [
        name,
        formatSeconds(seconds),
        ratio.toFixed(2),
        seconds > 0 ? threeDigits(recordsPerSecond / 1e6) : NOTHING,
        seconds > 0 ? formatBytes(bytesPerSecond) : NOTHING,
        memoryBytes === null ? NOTHING : formatBytes(memoryBytes),
      ]),
    ),
  ];
}

function renderStore({ sites, stacks, lifetimes, profileBytes, write, answers }: StoreResult): string[] {
  const columns: Column[] = [
    { title: 'open and ask', align: 'left' },
    { title: 'ms', align: 'right' },
    { title: 'first', align: 'right' },
    { title: 'target', align: 'left' },
  ];
  return [
    `store: ${formatCount(sites)} sites, ${formatCount(stacks)} stacks, ${formatCount(lifetimes)} lifetimes: a profile ` +
      `of ${formatBytes(profileBytes)}`,
    `  written in ${formatSeconds(write.seconds)} s (${formatBytes(write.bytesPerSecond)} per second): the tables in ` +
      `${formatSeconds(write.tableSeconds)} s, ${threeDigits(write.lifetimesPerSecond / 1e6)} M lifetimes per second`,
    ...renderTable(
      columns,
      answers.map(({ name, seconds, firstSeconds, verdict }) => [
        name,
        (seconds * 1000).toFixed(1),
        (firstSeconds * 1000).toFixed(1),
        renderVerdict(verdict),
      ]),
    ),
  ];
}

function renderViews({ sites, stacks, ticks, lifetimes, commands }: ViewsResult): string[] {
  const columns: Column[] = [
    { title: 'command', align: 'left' },
    { title: 'seconds', align: 'right' },
    { title: 'memory', align: 'right' },
    { title: 'targets', align: 'left' },
    { title: 'small', align: 'right' },
    { title: 'target', align: 'left' },
  ];
  return [
    `views: ${formatCount(sites)} sites, ${formatCount(stacks)} stacks, ${formatCount(ticks)} ticks, ` +
      `${formatCount(lifetimes)} lifetimes; small: pandas-v13`,
    ...renderTable(
      columns,
      commands.map(({ command, seconds, maxRssBytes, verdict, memoryVerdict, smallSeconds, smallVerdict }) => [
        command,
        formatSeconds(seconds),
        maxRssBytes === null ? NOTHING : formatBytes(maxRssBytes),
        [verdict, memoryVerdict].map(renderVerdict).join(', '),
        formatSeconds(smallSeconds),
        renderVerdict(smallVerdict),
      ]),
    ),
  ];
}

function renderEndToEnd({ start, captures, growth }: EndToEndResult): string[][] {
  return [...captures.map(renderCapture), ...(growth === null ? [] : [renderGrowth(growth)]), renderStart(start)];
}

function renderCapture(result: CaptureResult): string[] {
  const { path, formatVersion, allocations, deallocations, captureBytes, profileBytes, commands, sizeVerdict } = result;
  const columns: Column[] = [
    { title: 'command', align: 'left' },
    { title: 'seconds', align: 'right' },
    { title: '(least–most)', align: 'right' },
    { title: 'memory', align: 'right' },
    { title: 'memscope takes', align: 'right' },
    { title: 'target', align: 'left' },
  ];
  const alike = result.countedAlike ? ' (memray counts as many)' : '';
  const records =
    allocations === null || deallocations === null
      ? 'aggregated'
      : `${formatCount(allocations)} allocations${alike}, ${formatCount(deallocations)} deallocations`;
  const sites = result.nativeSites === null ? '' : `, ${formatCount(result.nativeSites)} sites with native stacks`;
  const profile = `${formatBytes(captureBytes)} give a profile of ${formatBytes(profileBytes)}`;
  return [
    `end to end: ${basename(path)}, version ${formatVersion}: ${records}${sites}`,
    `  ${profile} (at most ${renderVerdict(sizeVerdict)})`,
    ...renderTable(columns, commands.map(renderCommand)),
  ];
}

function renderCommand({ name, seconds, runs, maxRssBytes, share, verdict, failure }: CommandResult): string[] {
  if (seconds === null) return [name, NOTHING, '', '', '', `failed: ${failure ?? ''}`];
  return [
    name,
    formatSeconds(seconds),
    `${formatSeconds(Math.min(...runs))}–${formatSeconds(Math.max(...runs))}`,
    maxRssBytes === null ? NOTHING : formatBytes(maxRssBytes),
    share === null ? '' : `1/${threeDigits(1 / share)}`,
    renderVerdict(verdict),
  ];
}

function renderGrowth({ from, to, records, seconds, maxRss }: GrowthResult): string[] {
  const memory = maxRss === null ? '' : `, ${maxRss.toFixed(2)} times the memory`;
  return [
    `growth from ${basename(from)} to ${basename(to)}: ${records.toFixed(2)} times the allocations and deallocations`,
    `  take ${seconds.toFixed(2)} times the time (${(seconds / records).toFixed(2)} times as long each)${memory}`,
  ];
}

function renderStart({ helpSeconds, nodeSeconds, verdict }: StartResult): string[] {
  const milliseconds = (time: number): string => `${(time * 1000).toFixed(0)} ms`;
  return [
    `start: memscope --help ${milliseconds(helpSeconds)} (${renderVerdict(verdict)}), ` +
      `of which Node itself ${milliseconds(nodeSeconds)}`,
  ];
}

function renderVerdict(verdict: Verdict | null): string {
  return verdict === null ? '' : `${verdict.label}: ${verdict.met ? 'met' : 'missed'}`;
}

function formatSeconds(seconds: number): string {
  return seconds.toFixed(seconds < 0.995 ? 3 : 2);
}

function threeDigits(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
