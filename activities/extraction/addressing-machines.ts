import type { Cell, Layout } from './layout.ts';

/** Phrases that no invoice needs: they speak to a program that reads it. In German and English, in lower case. */
const phrases: readonly RegExp[] = [
  /\b(ignore|disregard|forget|override)\b.{0,40}\b(instructions?|prompts?|rules|above|previous|prior)\b/,
  /\b(ignoriere?n?|vergiss|missachte)\b.{0,50}\b(anweisung(en)?|vorgaben|regeln|vorherigen?|bisherigen?)\b/,
  /\byou are (now )?(an?|the|my) .{0,40}\b(assistant|agent|bot|model|ai)\b/,
  /\bdu bist (nun |jetzt |ab sofort )?(ein|eine|der|die|mein)\b/,
  /\b(system prompt|system message|systemprompt|as an ai|language model|sprachmodell|chatbot)\b/,
  /\b(note|notice|hinweis|message|instructions?|anweisung(en)?)\b.{0,12}\b(to|for|an|für)\b.{0,25}\b(automated|automatische|machine|maschine|ai|ki|model|modelle?|assistants?|system|systems|systeme|bots?|robots?)\b/,
  /\b(mark|treat|classify|markiere|behandle)\b.{0,30}\b(invoice|document|rechnung|dokument)\b.{0,20}\b(as|als)\b.{0,12}\b(approved|paid|valid|verified|trusted|genehmigt|bezahlt|geprüft|freigegeben)\b/,
  /\b(do not|don't|never) (ask|involve|inform|notify|alert)\b.{0,20}\b(person|human|anyone|anybody|people|user|reviewer)\b/,
  /\b(frage?|informiere?)\b.{0,10}\b(keinen?|niemanden?)\b.{0,12}\b(menschen?|person|mitarbeiter)?/,
  /\bconfidence\b.{0,30}\b(1(\.0)?|100 ?%|high|maximum)\b/,
];

export interface Addressing {
  /** The words, for a person to see. */
  readonly quote: string;
  readonly cell: Cell;
}

/** Where the text speaks to a machine. A phrase may run over the end of a line, so each line is read with the next one. */
export function findAddressing(layout: Layout): Addressing[] {
  return layout.cells.flatMap((cell, index) => {
    const next = layout.cells[index + 1];
    const own = cell.text.toLowerCase();
    const both = next === undefined ? own : `${own} ${next.text.toLowerCase()}`;
    const hit = phrases.some((phrase) => {
      const match = phrase.exec(both);
      return match !== null && match.index < own.length;
    });
    return hit ? [{ quote: cell.text.slice(0, 160), cell }] : [];
  });
}

/** Heights of a page: about three lines of small print. */
const reach = 0.04;

/** Whether a value stands among or beside such words. */
export function isInReach(cell: Cell, addressing: readonly Addressing[]): boolean {
  return addressing.some(({ cell: there }) => there.page === cell.page && Math.abs(there.middle - cell.middle) < reach);
}
