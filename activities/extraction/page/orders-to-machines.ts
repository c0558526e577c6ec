import { keyOf } from './vocabulary.ts';
import { textOf, type Layout, type Row, type Word } from './layout.ts';

/** Compared without blanks, accents and punctuation, since a recogniser and a forger both play with those. */
const orders: readonly RegExp[] = [
  /(?:ignore|disregard|forget|override)(?:all|any|every|the|your|of|previous|prior|above|earlier|preceding|foregoing|other|system|safety){0,6}(?:instruction|prompt|rule|guideline|direction|command|message)/,
  /(?:ignorier|missacht|vergiss|vergesse|vergessen)[a-z]{0,5}(?:sie)?(?:alle|alles|samtliche|die|deine|ihre|vorherigen|vorigen|bisherigen|obigen|fruheren){0,5}(?:anweisung|instruktion|regel|vorgabe|befehl)/,
  /youarenow(?:a|an|the|in)/,
  /(?:dubist|siesind)(?:jetzt|nun|ab(?:jetzt|sofort))(?:ein|der|die|das|im)/,
  /(?:note|message|instructions?|attention|hint|notice)(?:to|for)(?:all|any|the)?(?:automated|automatic|aisystem|aimodel|aiagent|ais|llm|machinereader|languagemodel|bots|assistant|chatbot)/,
  /(?:hinweis|nachricht|anweisung|achtung)(?:an|fur)(?:alle|die|das|den)?(?:automati|ki(?:system|modell|agent|assist)|sprachmodell|assisten|agenten|bots)/,
  /(?:systemprompt|languagemodel|sprachmodell|jailbreak|promptinjection|largelanguage|chatgpt|aiassistant|aiagent|kiassistent|kiagent|kimodell)/,
  /asan(?:ai|llm)(?:language|model|assistant|agent|system)/,
  /(?:mark|set|flag|treat|classify|label|record|report)(?:this|the|it|as|invoice|document|status|to|all|fields?){1,6}(?:approved|verified|trusted|paid|safe|confident|nodoubt)/,
  /(?:markier|setz|kennzeichn|behandl|meld)[a-z]{0,4}(?:diese|die|sie|rechnung|beleg|status|auf|als|den|das|dokument){1,7}(?:genehmigt|freigegeben|gepruft|bezahlt|vertrauenswurdig)/,
  /(?:donot|dont|never)(?:ask|involve|notify|inform|tell|alert|consult|escalateto)(?:a|any|the)?(?:person|human|user|anyone|anybody|people|reviewer|finance|accounting)/,
  /(?:keinen?|nicht|ohne)(?:menschen|person|mensch|benutzer|mitarbeiter|ruckfrage|prufung|freigabe)[a-z]{0,12}(?:fragen|informieren|einbeziehen|genehmig|uberweis|buchen|zahlen)/,
  /confidence(?:of|for)?(?:all|each|every|the|score|fields?|values?|is|to|as|be|at){1,6}(?:10|1|100|high|maximum|max)/,
  /(?:respond|reply|answer|output|return)(?:only|just)?(?:with|in)(?:the|a|this|following)*(?:json|value|iban|text|approved)/,
  /(?:bypass|skip|circumvent|disable)(?:the|all|any|every)?(?:approval|check|review|verification|validation|control)/,
  /(?:beginning|start|end|new)(?:of)?(?:system|assistant|developer)(?:message|instructions?|prompt)/,
];

export interface OrdersToMachines {
  /** The rows that give orders, and those that belong to the same paragraph. */
  readonly rows: ReadonlySet<Row>;
  /** The first of them in the page's own words; `undefined` when there are none. */
  readonly quote: string | undefined;
}

/** Finds text that speaks to a program instead of a person. Whoever writes such a thing may have tampered with all that stands near it. */
export function ordersToMachines({ rows }: Layout): OrdersToMachines {
  const told = new Set<Row>();
  rows.forEach((row, index) => {
    const next = rows[index + 1];
    const here = keyOf(textOf(row.words));
    // An order may run on into the next line.
    const both = next !== undefined && next.page === row.page ? here + keyOf(textOf(next.words)) : here;
    for (const order of orders) {
      if (order.test(here)) told.add(row);
      else if (next !== undefined && order.test(both) && !order.test(keyOf(textOf(next.words)))) told.add(row).add(next);
    }
  });
  const first = rows.find((row) => told.has(row));
  for (const inReach of [rows, [...rows].reverse()]) {
    let before: Row | undefined;
    for (const row of inReach) {
      if (before !== undefined && told.has(before) && sameParagraph(before, row)) told.add(row);
      before = row;
    }
  }
  return { rows: told, quote: first && textOf(first.words).slice(0, 160) };
}

const sameParagraph = (one: Row, other: Row) => {
  const left = (row: Row) => row.words[0]?.left ?? 0;
  const height = Math.max(one.height, other.height);
  return one.page === other.page && Math.abs(one.middle - other.middle) < 2 * height && Math.abs(left(one) - left(other)) < height && Math.abs(one.height - other.height) < 0.25 * height;
};

export const isAmong = (word: Word, { rows }: OrdersToMachines): boolean => [...rows].some(({ words }) => words.includes(word));
