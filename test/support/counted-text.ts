/** A text that counts how many of its characters are looked at, for what a clock cannot show. */
export class CountedText {
  charsRead = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get length(): number {
    return this.#text.length;
  }

  charCodeAt(index: number): number {
    this.charsRead++;
    return this.#text.charCodeAt(index);
  }

  slice(from: number, to: number): string {
    this.charsRead += to - from;
    return this.#text.slice(from, to);
  }

  startsWith(part: string, at = 0): boolean {
    this.charsRead += part.length;
    return this.#text.startsWith(part, at);
  }

  indexOf(part: string, from = 0): number {
    const found = this.#text.indexOf(part, from);
    this.charsRead += (found === -1 ? this.length : found + part.length) - from;
    return found;
  }

  lastIndexOf(part: string, from = this.length): number {
    const found = this.#text.lastIndexOf(part, from);
    this.charsRead += from + part.length - Math.max(found, 0);
    return found;
  }
}
