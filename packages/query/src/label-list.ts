/**
 * Labels of an answer, each once. Names come from strangers and may be long: beyond a bound on all of them together they
 * are cut, and what is cut cannot be asked for by its name any more.
 */
import { labelKey, type FlameLabel, type LabelTables } from '@memscope/model';

/** UTF-16 units of all labels of an answer. */
const MOST_TEXT = 4_000_000;
const CUT_NAME = 200;

export class LabelList {
  readonly labels: FlameLabel[] = [];
  readonly #tables: LabelTables;
  readonly #withLines: boolean;
  readonly #positions = new Map<number, number>();
  readonly #budget = new TextBudget();

  /** Not `withLines`: keys stand for functions at any line, as where runs are compared. */
  constructor(tables: LabelTables, withLines = true) {
    this.#tables = tables;
    this.#withLines = withLines;
  }

  /** Position in `labels` of a key as in `PathTable`. */
  positionOf(key: number): number {
    let position = this.#positions.get(key);
    if (position === undefined) {
      const label = labelKey(key, this.#tables);
      position = this.labels.push(this.#budget.fit(this.#withLines ? label : { ...label, line: null })) - 1;
      this.#positions.set(key, position);
    }
    return position;
  }

  at(key: number): FlameLabel {
    return this.labels[this.positionOf(key)]!;
  }
}

export class TextBudget {
  #left = MOST_TEXT;

  fit(label: FlameLabel): FlameLabel {
    const { name, file, module } = label;
    const length = 2 * (name.length + (file?.length ?? 0)) + module.length;
    if (length <= this.#left) {
      this.#left -= length;
      return label;
    }
    return {
      ...label,
      name: cut(name),
      file: file === null ? null : cut(file),
      module: cut(module),
      function: null,
    };
  }
}

function cut(text: string): string {
  return text.length > CUT_NAME ? `${text.slice(0, CUT_NAME)}…` : text;
}
