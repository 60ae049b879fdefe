/**
 * What the page asks the server, and what it gets: every route with its parameters and answers. Both sides share these
 * types; nothing else passes between them.
 *
 * All routes but one are GET, below `/api/`, with parameters in the query string (`encodeViewQuery`). Small answers are JSON.
 * Columns come as one Arrow IPC stream (`application/vnd.apache.arrow.stream`) whose schema metadata holds, under the
 * key `head`, a JSON object with the rest of the answer. Every answer is bounded by what the view can show (`width` in
 * pixels, `limit` in rows), never by the capture. An error is `{ "error": ApiError }` with status 400 (how it was
 * asked), 404 (no such run), 409 (the run is not ready), 422 (the capture cannot answer), 401, 403, 405, 414, 431, 500,
 * 503 (too many questions at once, or one that took too long), or 507 (no room for what is sent).
 *
 * | route                   | parameters                                        | answer                             |
 * |-------------------------|---------------------------------------------------|------------------------------------|
 * | /runs                   |                                                   | `Run[]`                            |
 * | /events                 |                                                   | server-sent events: `Offer`s, `Run`s |
 * | PUT /uploads/DROP/NAME  | the capture or symbol bundle as the body          | `Run`; null of a bundle            |
 * | /history                | branch                                            | `HistoryPage`, null: none is served |
 * | /runs/ID/overview       | view                                              | `AnalysisDocument`                 |
 * | /runs/ID/timeline       | from, to (ticks), width                           | Arrow `TimelineColumn`, `TimelineHead` |
 * | /runs/ID/bands          | view, by, top, from, to, width                    | Arrow: one column a band, `BandsHead` |
 * | /runs/ID/flame          | view, inverted, transforms, root, width, weigh    | Arrow `FlameColumn`, `FlameHead`   |
 * | /runs/ID/table          | view, by, sort, descending, change, offset, limit, search | `TablePage`                |
 * | /runs/ID/sandwich       | view, function, width                             | `SandwichAnswer`                   |
 * | /runs/ID/source         | view, function                                    | `SourceAnswer`                     |
 * | /runs/ID/site           | view, site                                        | `SiteAnswer`                       |
 * | /runs/ID/leaks          | view, warmUp, sort, descending, search, verdict, offset, limit                       | `LeaksPage`                        |
 * | /runs/ID/search         | view, text                                        | `SearchAnswer`                     |
 * | /runs/ID/diff           | view, measure, by, base                           | `DiffDocument`                     |
 *
 * Each of these is asked of a run set: ID is the first run of the head, `run` names further ones that are taken as one
 * with it, `base` those that they are compared with. Both may be given several times, 64 runs in all at the most. What
 * has no answer over two sides takes no `base` (`isOneSided`): it is asked once for each.
 *
 * What is not a view's (`api-query.ts`): `from` and `to` are ticks, both included; `width` is from 1 to 10,000 pixels,
 * `limit` from 1 to 2,000 rows, `top` from 1 to 50 bands; flags are 0 or 1; `root` is an `id`; `transform` may be given
 * several times as `KIND:TARGET`, in their order; `weigh` is a `ComparedWeight`, `change` a `RowChangeChoice`, both for
 * what has a base; `sort` is a `TableSort`; a table's `search` is plain text within name,
 * file or module; `sort` of leaks is a `LeakSort`, `verdict` a `LeakVerdictName`, and their `search` also looks at
 * where most was allocated; `text` is in the filter language; `site` is one that a row of a table
 * by site tells for the same run set; `warmUp` is a place of a window (`20%`, `30s`, `#100`). Anything
 * else, or anything else twice, is an error.
 *
 * Answers have weak ETags and may be compressed. Where the server can be reached from other machines, every request has
 * the token of the printed address: `Authorization: Bearer TOKEN`.
 */
import type { Grouping } from './view/groupings.js';
import type { TransformKind } from './view/view-choices.js';

/** What every view is asked of; the page keeps it in its URL. */
export type { ViewQuery } from './documents/view-query.js';
/** What the routes answer. */
export type {
  ApiError,
  BandsHead,
  FlameHead,
  LeaksPage,
  Run,
  SandwichAnswer,
  SearchAnswer,
  SiteAnswer,
  SmallTree,
  SourceAnswer,
  TablePage,
  TableRow,
  TimelineHead,
} from './documents/api-answers.js';
export type { TableChanges } from './documents/labelled-answers.js';
export type { FlameLabel } from './documents/labels.js';

/**
 * What a server has beside runs: a history of commits; that it takes captures, as `PUT /uploads/DROP/NAME`. DROP is the
 * same for all that was dropped together; symbol bundles come before their captures.
 */
export type Offer = 'history' | 'uploads';

/** Ids of the runs that a question is about: those that are taken as one, and those that they are compared with. */
export interface RunChoice {
  /** At least one. */
  readonly head: readonly string[];
  readonly base: readonly string[];
}

/** A change to the tree, in the order in which they were made; each can be undone. */
export interface Transform {
  readonly kind: TransformKind;
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

/** Columns of a flame graph, one row a node, callers first. `label` is a position in `FlameHead.labels`. */
export type FlameColumn =
  | 'parent'
  | 'label'
  | 'bytes'
  | 'count'
  | 'selfBytes'
  | 'selfCount'
  | 'foldedBytes'
  | 'foldedNodes'
  /** Frames between a node and its caller that do not show. */
  | 'hiddenFrames'
  /** 1 where what is below an import is folded until it is the root. */
  | 'closed'
  | 'id';

/**
 * With a base a flame graph has these, too, and `bytes` and the like are the head's. What grew is summed over paths, so
 * that nothing is netted: base + grown − head shrank.
 */
export type ComparedFlameColumn =
  'baseBytes' | 'baseCount' | 'baseSelfBytes' | 'baseSelfCount' | 'grownBytes' | 'grownCount';

export type TableBy = Grouping;
