/** A row of choices of which one is chosen: radio buttons for the keyboard and screen readers. */
import { element } from './element.js';

export interface Segmented<Choice extends string> {
  readonly root: HTMLElement;
  /** `refused` choices cannot be chosen, with why. */
  draw(chosen: Choice, refused?: Readonly<Partial<Record<Choice, string>>>): void;
}

let groups = 0;

export function segmented<Choice extends string>(
  title: string,
  choices: readonly (readonly [choice: Choice, title: string, hint?: string])[],
  onChoose: (choice: Choice) => void,
): Segmented<Choice> {
  const name = `choice-${groups++}`;
  const inputs = choices.map(([choice]) =>
    element('input', { type: 'radio', name, value: choice, onchange: () => onChoose(choice) }),
  );
  const root = element('div', { class: 'segmented', role: 'radiogroup', 'aria-label': title });
  const labels = choices.map(([, text, hint], index) =>
    element('label', { title: hint ?? null }, inputs[index]!, element('span', { 'data-title': text }, text)),
  );
  root.append(...labels);
  return {
    root,
    draw(chosen, refused) {
      for (const [index, [choice, , hint]] of choices.entries()) {
        inputs[index]!.checked = choice === chosen;
        inputs[index]!.disabled = refused?.[choice] !== undefined;
        const title = refused?.[choice] ?? hint;
        if (title === undefined) labels[index]!.removeAttribute('title');
        else labels[index]!.title = title;
      }
    },
  };
}
