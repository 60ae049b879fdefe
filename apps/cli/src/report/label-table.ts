/**
 * Labels of a report, each once. Names come from strangers: one that is very long is cut, and beyond a bound on all of
 * them together every name is; what is cut cannot be asked for by its name.
 */
import type { FlameLabel } from '@memscope/model';

const CUT_NAME = 100;

export class LabelTable {
  readonly labels: FlameLabel[] = [];
  readonly #positions = new Map<string, number>();
  readonly #longest: number;
  #left: number;

  /** UTF-16 units of all texts together, and of the longest. */
  constructor(most: number, longest: number) {
    this.#left = most;
    this.#longest = longest;
  }

  positionOf(label: FlameLabel): number {
    const { kind, name, file, line, module } = label;
    const key = [kind, name, file ?? '\0', line, module, label.function === null].join('\n');
    let position = this.#positions.get(key);
    if (position === undefined) {
      position = this.labels.push(this.#fit(label)) - 1;
      this.#positions.set(key, position);
    }
    return position;
  }

  positionOrNull(label: FlameLabel | null): number | null {
    return label === null ? null : this.positionOf(label);
  }

  #fit(label: FlameLabel): FlameLabel {
    const { name, file, module } = label;
    const length = 2 * (name.length + (file?.length ?? 0)) + module.length;
    const longest = length > this.#left ? CUT_NAME : this.#longest;
    if ([name, file ?? '', module].every((text) => text.length <= longest)) {
      this.#left -= length;
      return label;
    }
    return {
      ...label,
      name: cutText(name, longest),
      file: file === null ? null : cutText(file, longest),
      module: cutText(module, longest),
      function: null,
    };
  }
}

export function cutText(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
