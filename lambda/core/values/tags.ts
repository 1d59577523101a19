/** The elements of XML that begin in a text, which need be no document. Takes time in proportion to it. */

const openTag = /^([^\s<>/!?]+)(?:\s[\s\S]*)?(?<!\/)$/;
/** Longer names are cut off at their beginning. */
const MAX_NAMES_LENGTH = 80;

export class Tags {
  readonly #text: string;
  #openedAt = -1;
  #closedAt = 0;
  #names = '';

  constructor(text: string) {
    this.#text = text;
  }

  /** @param at of a `<` */
  open(at: number): void {
    this.#openedAt = at;
  }

  /**
   * The name of the element that begins there, after those of the elements directly around it, with
   * blanks between: a name may be cut into them, `<x-><api><key>`. Empty where none begins.
   *
   * @param at of a `>`, which may close no tag: undefined then, such as in `a < b, c > d`
   */
  close(at: number): string | undefined {
    const start = this.#openedAt;
    const tag = this.#text.slice(start + 1, at);
    this.#openedAt = -1;
    if (start < 0 || tag.trimStart() !== tag) return undefined;
    const name = openTag.exec(tag)?.[1];
    const isWithin = this.#text.slice(this.#closedAt, start).trim() === '>';
    this.#closedAt = at;
    this.#names = name ? `${isWithin ? this.#names : ''} ${name}`.slice(-MAX_NAMES_LENGTH) : '';
    return this.#names;
  }
}
