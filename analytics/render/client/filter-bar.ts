import type { Filter } from '../../panels/panel';
import type { Clock } from '../clock';
import { Brush } from './brush';
import { element, uniqueId } from './dom';
import { filterNames, type State } from './state';

export interface FilterValues {
  /** What can be chosen: the values, the most used first, with what they are called. */
  readonly options: Readonly<Record<keyof Filter, readonly { value: string; label: string }[]>>;
  readonly times: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** The part of the state that changes. `undefined` removes a filter. */
export interface FilterChange {
  readonly from?: number;
  readonly to?: number;
  readonly filter?: Readonly<Partial<Record<keyof Filter, string | undefined>>>;
}

const titles: Readonly<Record<keyof Filter, string>> = {
  customer: 'Customer',
  plan: 'Plan',
  api: 'API',
  stage: 'Stage',
};

/** Period, customer, plan, API and stage: what all panels are about. */
export class FilterBar {
  readonly root: HTMLElement;
  readonly #brush: Brush;
  readonly #clock: Clock;
  readonly #values: FilterValues;
  readonly #selects = new Map<keyof Filter, HTMLSelectElement>();
  readonly #from: HTMLInputElement;
  readonly #to: HTMLInputElement;
  readonly #reset: HTMLButtonElement;
  readonly #onChange: (change: FilterChange) => void;

  constructor(
    values: FilterValues,
    clock: Clock,
    hidden: readonly (keyof Filter)[],
    onChange: (change: FilterChange) => void,
    onReset: () => void,
  ) {
    this.#values = values;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#brush = new Brush({
      times: values.times,
      end: values.to,
      clock,
      onSelect: (from, to) => onChange({ from, to }),
    });
    this.#from = this.#moment('From');
    this.#to = this.#moment('To');
    this.#reset = element('button', { type: 'button', class: 'quiet' }, 'Reset');
    this.#reset.addEventListener('click', onReset);
    const names = filterNames.filter(
      (name) => !hidden.includes(name) && values.options[name].length > 1,
    );
    this.root = element(
      'form',
      { class: 'filters', 'aria-label': 'Filters', onsubmit: (event) => event.preventDefault() },
      element(
        'div',
        { class: 'fields' },
        ...names.map((name) => this.#select(name)),
        this.#labelled('From', this.#from),
        this.#labelled('To', this.#to),
        this.#reset,
      ),
      this.#brush.root,
    );
  }

  /** @param traffic requests in each slot of the whole report, filtered by all but the period */
  show(state: State, traffic: readonly number[], isWhole: boolean): void {
    for (const [name, select] of this.#selects) {
      const value = state.filter[name] ?? '';
      const options = [...select.options];
      // A plan may be asked for by its name.
      const shown =
        options.find((option) => option.value === value) ??
        options.find((option) => option.text === value);
      if (!shown) select.append(element('option', { value }, value));
      select.value = shown?.value ?? value;
      select.classList.toggle('active', value !== '');
    }
    this.#from.value = this.#clock.local(state.from);
    this.#to.value = this.#clock.local(state.to);
    this.#reset.hidden = isWhole;
    this.#brush.show(traffic, state.from, state.to);
  }

  #select(name: keyof Filter): HTMLElement {
    const select = element(
      'select',
      { id: uniqueId(name) },
      element('option', { value: '' }, 'All'),
      ...this.#values.options[name].map(({ value, label }) => element('option', { value }, label)),
    );
    select.addEventListener('change', () =>
      this.#onChange({ filter: { [name]: select.value === '' ? undefined : select.value } }),
    );
    this.#selects.set(name, select);
    return this.#labelled(titles[name], select);
  }

  #moment(label: string): HTMLInputElement {
    const input = element('input', {
      type: 'datetime-local',
      step: 3600,
      id: uniqueId(label.toLowerCase()),
      min: this.#clock.local(this.#values.from),
      max: this.#clock.local(this.#values.to),
    });
    input.addEventListener('change', () => this.#onMoments());
    return input;
  }

  #onMoments(): void {
    const from = this.#slotAt(this.#from.value);
    const to = this.#slotAt(this.#to.value);
    if (from !== undefined && to !== undefined && from < to) this.#onChange({ from, to });
  }

  /** The slot nearest to a wall clock. */
  #slotAt(text: string): number | undefined {
    const wanted = this.#clock.parse(text);
    if (wanted === undefined) return undefined;
    const all = [...this.#values.times, this.#values.to];
    return all.reduce((best, time) =>
      Math.abs(time - wanted) < Math.abs(best - wanted) ? time : best,
    );
  }

  #labelled(title: string, control: HTMLElement): HTMLElement {
    return element('div', {}, element('label', { for: control.id }, title), control);
  }
}
