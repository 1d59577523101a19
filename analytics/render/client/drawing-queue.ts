import type { PanelCard } from './panel-card';

/** How far outside of the window a card counts as seen: it is there before it is scrolled to. */
const MARGIN = 300;

/**
 * Cards that can be seen are filled at once, the others one after another when nothing else is to do:
 * a filter answers as fast for a page of forty panels as for one of four.
 */
export class DrawingQueue {
  #waiting: PanelCard[] = [];
  #fillOne: (card: PanelCard) => void = () => undefined;
  #isScheduled = false;

  fill(cards: readonly PanelCard[], fillOne: (card: PanelCard) => void): void {
    this.#fillOne = fillOne;
    this.#waiting = [...cards];
    this.#fillSeen();
    this.#schedule();
  }

  /** All of them at once. */
  fillNow(cards: readonly PanelCard[], fillOne: (card: PanelCard) => void): void {
    this.#waiting = [];
    for (const card of cards) fillOne(card);
  }

  constructor() {
    addEventListener('scroll', () => this.#fillSeen(), { passive: true });
  }

  #fillSeen(): void {
    this.#take((card) => {
      const { top, bottom } = card.root.getBoundingClientRect();
      return bottom > -MARGIN && top < innerHeight + MARGIN;
    });
  }

  #take(isWanted: (card: PanelCard) => boolean): void {
    // One after another: a card that is filled moves those below it.
    for (const card of [...this.#waiting]) {
      if (!isWanted(card)) continue;
      this.#waiting.splice(this.#waiting.indexOf(card), 1);
      this.#fillOne(card);
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      const next = this.#waiting.shift();
      if (!next) return;
      this.#fillOne(next);
      this.#schedule();
    });
  }
}
