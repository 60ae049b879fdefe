/**
 * What the page asks the server, and what it gets: every route with its parameters and answers. Both sides share these
 * types; nothing else passes between them.
 *
 * All routes are GET, below `/api/`, with parameters in the query string (`encodeViewQuery`). Small answers are JSON.
 * Columns come as one Arrow IPC stream (`application/vnd.apache.arrow.stream`) whose schema metadata holds, under the
 * key `head`, a JSON object with the rest of the answer. Every answer is bounded by what the view can show (`width` in
 * pixels, `limit` in rows), never by the capture. An error is `{ "error": ApiError }` with status 400 (how it was
 * asked), 404 (no such run), 409 (the run is not ready), 422 (the capture cannot answer), 401, 403, 405, 414, 431, 500,
 * or 503 (too many questions at once, or one that took too long).
 *
 * | route                   | parameters                                        | answer                             |
 * |-------------------------|---------------------------------------------------|------------------------------------|
 * | /runs                   |                                                   | `Run[]`                            |
 * | /events                 |                                                   | server-sent events of `Run`        |
 * | /runs/ID/overview       | view                                              | `Overview`                         |
 * | /runs/ID/timeline       | from, to (ticks), width                           | Arrow `TimelineColumn`, `TimelineHead` |
 * | /runs/ID/bands          | view, by, top, from, to, width                    | Arrow: one column a band, `BandsHead` |
 * | /runs/ID/flame          | view, inverted, transforms, root, width           | Arrow `FlameColumn`, `FlameHead`   |
 * | /runs/ID/table          | view, by, sort, descending, offset, limit, search | `TablePage`                        |
 * | /runs/ID/sandwich       | view, function, width                             | `SandwichAnswer`                   |
 * | /runs/ID/source         | view, function                                    | `SourceAnswer`                     |
 * | /runs/ID/leaks          | view, warmUp, offset, limit                       | `LeaksPage`                        |
 * | /runs/ID/search         | view, text                                        | `SearchAnswer`                     |
 *
 * What is not a view's (`api-query.ts`): `from` and `to` are ticks, both included; `width` is from 1 to 10,000 pixels,
 * `limit` from 1 to 2,000 rows, `top` from 1 to 50 bands; flags are 0 or 1; `root` is an `id`; `transform` may be given
 * several times as `KIND:TARGET`, in their order; `sort` is a `TableSort`; a table's `search` is plain text within name,
 * file or module; `text` is in the filter language; `warmUp` is a place of a window (`20%`, `30s`, `#100`). Anything
 * else, or anything else twice, is an error.
 *
 * Answers have weak ETags and may be compressed. Where the server can be reached from other machines, every request has
 * the token of the printed address: `Authorization: Bearer TOKEN`.
 */
import type { FilterSuggestion } from './filter/suggest-filter.js';
import type { ModuleKind } from './analysis/module-of-file.js';
import type { AnalysisDocument } from './documents/analysis.js';
import type { SiteMeasure } from './profile.js';
import type { LeakRowKind } from './view/leak-places.js';
import type { BandGrouping, Grouping } from './view/groupings.js';

export interface ApiError {
  readonly code:
    'syntax' | 'pattern' | 'slow' | 'outside' | 'cannotAnswer' | 'notFound' | 'notReady' | 'forbidden' | 'internal';
  readonly message: string;
  /** Place in the filter's text, where it is about that. */
  readonly position: number | null;
  readonly length: number | null;
}

/** A capture or profile that the user named, or that lies in a folder that they named. */
export interface Run {
  /** Opaque; says nothing of the path. */
  readonly id: string;
  /** For people: the file's name, with as much of its folder as tells it from the others. */
  readonly name: string;
  /** `gone`: its file is there no more; told once, to who follows the runs. */
  /** `recording`: a process still writes it; it is looked at again and again. */
  readonly state: 'waiting' | 'reading' | 'writing' | 'recording' | 'ready' | 'failed' | 'gone';
  readonly readBytes: number;
  readonly totalBytes: number | null;
  /** Why it failed, or has gone. */
  readonly message: string | null;
  /** Known once it is ready. */
  readonly startMs: number | null;
  readonly durationMs: number | null;
  /** Nobody recorded its end. */
  readonly durationIsLeast: boolean;
  readonly peakBytes: number | null;
  readonly commandLine: string | null;
}

/** What every view is asked of; the page keeps it in its URL. */
export interface ViewQuery {
  readonly measure: SiteMeasure;
  /** Weigh by allocations instead of bytes. */
  readonly counts: boolean;
  /** As `--window` takes it; null = the whole recording. */
  readonly window: string | null;
  /** The filter language; null = everything. */
  readonly filter: string | null;
  readonly stacks: 'joined' | 'python' | 'native';
  /** Shows native frames of the interpreter in joined stacks, too. */
  readonly interpreterFrames: boolean;
  readonly hideImportSystem: boolean;
  readonly hideStandardLibrary: boolean;
  /** The same stack in several threads is told apart; merged otherwise. */
  readonly splitThreads: boolean;
  readonly mergeRecursion: boolean;
  /** A user's own rules of which library frames belong to, as the text of their file; null = none. */
  readonly rules: string | null;
}

/** A change to the tree, in the order in which they were made; each can be undone. */
export interface Transform {
  readonly kind:
    /** Only paths through the function, from there on. */
    | 'focus'
    /** The function's frames vanish, their bytes go to the caller. */
    | 'hide'
    /** Neighbouring frames of the module become one. */
    | 'collapse'
    /** Only who calls the function, or only what it calls. */
    | 'callers'
    | 'callees';
  /** `FunctionName`, or for `collapse` a module's name. */
  readonly target: string;
}

/** `function` and `file` of a function as one text: NAME, a line feed, FILE. */
export type FunctionName = string;

/** Columns of a timeline, one row a pixel: least and most of what its ticks hold, so that no spike is lost. */
export type TimelineColumn =
  | 'timeMs'
  /** The last tick of the row. */
  | 'tick'
  /** NaN after the last memory record: not known. */
  | 'rssLeast'
  | 'rssMost'
  | 'heapLeast'
  | 'heapMost';

export interface TimelineHead {
  readonly startMs: number;
  readonly endMs: number;
  /** Of the whole recording; what follows the last memory record is one more tick. */
  readonly ticks: number;
  readonly fromTick: number;
  readonly toTick: number;
  readonly peakTick: number | null;
  readonly peakMs: number | null;
  readonly peakBytes: number;
  readonly rssPeakTick: number | null;
  readonly rssPeakMs: number | null;
  readonly rssPeakBytes: number | null;
}

/** Columns `b0`, `b1`, …: live bytes of each band at the greatest heap of the row's ticks; and `timeMs`, `tick`. */
export interface BandsHead {
  readonly by: BandGrouping;
  /** Heaviest first; the rest last, with `rest`. */
  readonly bands: readonly { readonly name: string; readonly rest: boolean }[];
}

/** Columns of a flame graph, one row a node, callers first. `label` is a position in `FlameHead.labels`. */
export type FlameColumn =
  'parent' | 'label' | 'bytes' | 'count' | 'selfBytes' | 'selfCount' | 'foldedBytes' | 'foldedNodes' | 'id';

export interface FlameHead {
  readonly labels: readonly FlameLabel[];
  /** Of the shown root, of all that passes the filter, and of the capture before the filter. */
  readonly rootBytes: number;
  readonly rootCount: number;
  readonly bytes: number;
  readonly count: number;
  readonly wholeBytes: number;
  readonly wholeCount: number;
  /** Where the filter lets nothing pass: what was probably meant. */
  readonly suggestion: FilterSuggestion | null;
  /** Children that are not shown, since they were below a pixel, and what they weigh with all that is below them. */
  readonly foldedNodes: number;
  readonly foldedBytes: number;
  /** Ids from the root of everything to the shown root, for going back. */
  readonly path: readonly { readonly id: number; readonly label: FlameLabel }[];
}

export interface FlameLabel {
  /** What sort of code it is; `unknown` also for libraries and categories. */
  readonly kind: 'all' | 'thread' | ModuleKind;
  readonly name: string;
  /** As it was recorded; null where it is not known. */
  readonly file: string | null;
  readonly line: number | null;
  readonly module: string;
  readonly function: FunctionName | null;
}

export type TableBy = Grouping;

/** By self or inclusive bytes or counts (self where rows do not nest), or by name; descending unless `descending=0`. */
export type TableSort = 'self' | 'total' | 'selfCount' | 'totalCount' | 'name';

export interface TablePage {
  readonly by: TableBy;
  /** After the search. */
  readonly rowCount: number;
  readonly bytes: number;
  readonly count: number;
  readonly wholeBytes: number;
  readonly wholeCount: number;
  /** Where the filter lets nothing pass: what was probably meant. */
  readonly suggestion: FilterSuggestion | null;
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly label: FlameLabel | null;
  /** Thread or allocator of a site, or of the row. */
  readonly thread: string | null;
  readonly allocator: string | null;
  readonly selfBytes: number;
  readonly selfCount: number;
  /** Null where rows do not nest. */
  readonly bytes: number | null;
  readonly count: number | null;
}

/** A small tree in one object: nodes callers first. */
export interface SmallTree {
  readonly parent: readonly number[];
  readonly label: readonly FlameLabel[];
  readonly bytes: readonly number[];
  readonly count: readonly number[];
}

export interface SandwichAnswer {
  readonly function: FlameLabel;
  readonly bytes: number;
  readonly count: number;
  readonly selfBytes: number;
  readonly selfCount: number;
  readonly callers: SmallTree;
  readonly callees: SmallTree;
}

export interface SourceAnswer {
  readonly file: string | null;
  /** Null where the source is not there, with the reason in `message`. */
  readonly source: readonly string[] | null;
  readonly firstLine: number;
  readonly message: string | null;
  readonly lines: readonly {
    readonly line: number;
    /** What a symbol bundle brought of a file that is not there. */
    readonly text: string | null;
    readonly selfBytes: number;
    readonly bytes: number;
  }[];
}

export interface LeaksPage {
  /** What grows, or grew and is flat, in the words of the overview; none where a part of the capture is asked for. */
  readonly growth: readonly {
    readonly rule: string;
    readonly title: string;
    readonly text: string;
    readonly bytes: number;
  }[];
  /** Says that the recording began while the program ran. */
  readonly attached: string | null;
  /** Where the filter lets nothing pass: what was probably meant. */
  readonly suggestion: FilterSuggestion | null;
  readonly rowCount: number;
  readonly bytes: number;
  readonly count: number;
  readonly stepMs: readonly number[];
  readonly verdicts: readonly {
    readonly name: string;
    readonly title: string;
    readonly rule: string;
    readonly bytes: number;
    readonly lines: number;
  }[];
  /** A line of the application each. */
  readonly rows: readonly {
    readonly kind: LeakRowKind;
    /** The line; null for Python objects in arenas, and where no Python frame is on the stack. */
    readonly label: FlameLabel | null;
    /** Where most of it was allocated. */
    readonly innermost: FlameLabel | null;
    readonly sites: number;
    readonly bytes: number;
    readonly count: number;
    readonly firstBornMs: number;
    readonly lastBornMs: number;
    readonly liveBytes: readonly number[];
    readonly verdict: string;
  }[];
}

/** What a search matches: bytes of the paths that any matching frame is on. */
export interface SearchAnswer {
  readonly matchedBytes: number;
  readonly matchedCount: number;
  /** Functions that match, for highlighting; at most 1,000. */
  readonly functions: readonly FunctionName[];
}

/** The numbers of `memscope analyze`, as its document (schema/analysis-1), with short lists. */
export type Overview = AnalysisDocument;
