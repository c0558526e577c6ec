import type { ExtractedFields } from '../../../contracts/invoice.ts';
import { isIban } from '../formats/account-numbers.ts';
import type { Doubt, Found } from '../page/found.ts';
import { judgeSums } from './judge-sums.ts';
import { isWithin } from '../page/labels.ts';
import { keyOf } from '../page/vocabulary.ts';
import { textOf } from '../page/layout.ts';
import { leastOf, legibility, percent, placesOf } from './legibility.ts';
import { isAmong } from '../page/orders-to-machines.ts';
import { strongestFirst, type Survey, type TextField } from '../page/survey.ts';
import { checkTaxId } from '../formats/tax-ids.ts';
import { notFound, verdict, withDoubt, type ExtractedText } from './verdict.ts';

/** What an extractor says the fields are. Nothing in it is believed for its own sake. */
export type Proposal = { readonly [F in keyof ExtractedFields]: ExtractedFields[F]['value'] };

export interface Proposed {
  readonly proposal: Proposal;
  /** What the extractor itself doubts. */
  readonly doubts?: ReadonlyMap<keyof ExtractedFields, Doubt>;
}

/** Confidence and evidence of proposed fields, from the page alone: the same for rules and for a model. */
export function judge(survey: Survey, { proposal, doubts = new Map() }: Proposed): ExtractedFields {
  const text = (field: TextField) => withDoubt(judgeText(survey, { field, value: proposal[field] }), doubts.get(field));
  const sums = judgeSums(survey, proposal);
  const { net, tax, total } = { net: withDoubt(sums.net, doubts.get('net')), tax: withDoubt(sums.tax, doubts.get('tax')), total: withDoubt(sums.total, doubts.get('total')) };
  return {
    vendorName: text('vendorName'),
    vendorTaxId: text('vendorTaxId'),
    invoiceNumber: text('invoiceNumber'),
    invoiceDate: text('invoiceDate'),
    orderNumber: text('orderNumber'),
    currency: text('currency'),
    net,
    tax,
    total,
    iban: text('iban'),
  };
}

interface Judged {
  readonly support: readonly string[];
  readonly doubts: readonly Doubt[];
}

interface Candidate {
  readonly survey: Survey;
  readonly value: string;
  readonly best: Found;
  readonly same: readonly Found[];
}

/** What each field can say for itself beyond standing beside its label. */
const own: Readonly<Record<TextField, (candidate: Candidate) => Judged>> = {
  invoiceNumber: numbered,
  orderNumber: numbered,
  invoiceDate: readable,
  vendorName,
  vendorTaxId,
  currency,
  iban,
};

function judgeText(survey: Survey, { field, value }: { field: TextField; value: string | null }): ExtractedText {
  if (value === null || value.trim() === '') return notFound('nothing on the page is called so');
  const founds = survey.texts[field];
  const same = strongestFirst(founds.filter((found) => found.value === value));
  const [best] = same;
  if (best === undefined) {
    const [place] = placesOf({ layout: survey.layout, value });
    const why = place === undefined ? { why: 'it does not stand on the page', atMost: 0.2 } : { why: 'nothing on the page says that it is this field', atMost: 0.5 };
    return verdict({ value: value.slice(0, 200), words: place ?? [], support: [], doubts: [why] });
  }
  const { support, doubts } = own[field]({ survey, value, best, same });
  return verdict({
    value,
    words: best.words,
    support: [...(best.label === null ? [] : [`label "${best.label.text}"`]), ...support],
    doubts: [...best.doubts, ...weakness(best), ...rivalry({ founds, best }), ...nearOrders(survey, { field, founds, best }), ...doubts],
  });
}

function weakness({ strength }: Found): Doubt[] {
  return strength >= 0.75 ? [] : [{ why: 'the page does not clearly say that it is this field', atMost: Math.min(0.75, strength) }];
}

/** What text that gives orders to a machine speaks of is in doubt, and so is where the money goes, whatever else the page says. */
function nearOrders({ orders }: Survey, { field, founds, best }: { field: TextField; founds: readonly Found[]; best: Found }): Doubt[] {
  if (orders.quote === undefined) return [];
  const named = founds.find((found) => found !== best && found.words.some((word) => isAmong(word, orders)));
  if (named !== undefined) return [{ why: `text that gives orders to a machine names "${textOf(named.words)}"`, atMost: 0.5 }];
  return field === 'iban' ? [{ why: 'the document gives orders to a machine', atMost: 0.7 }] : [];
}

/** Another value that the page calls the same, nearly as clearly. */
function rivalry({ founds, best }: { founds: readonly Found[]; best: Found }): Doubt[] {
  const [rival] = strongestFirst(founds.filter((found) => !isSpoilt({ part: keyOf(found.value), whole: keyOf(best.value) })));
  if (rival === undefined) return [];
  const close = rival.strength > best.strength - 0.15;
  return close ? [{ why: `"${textOf(rival.words)}" may be meant as well`, atMost: 0.6 }] : [];
}

/** Whether a text is the other, or its end, with a letter or two misread: `Etektro GmbH` is of `Weserkraft Elektro GmbH`. Digits are not forgiven. */
function isSpoilt({ part, whole }: { part: string; whole: string }): boolean {
  if (part === whole) return true;
  const digits = (key: string) => key.replace(/\D/g, '');
  return part.length >= 6 && digits(part) === digits(whole) && isWithin({ first: part, second: whole.slice(-part.length), most: 2 });
}

function readable({ survey: { layout }, value, best }: Candidate): Judged {
  return legibility({ layout, value: textOf(best.words) || value, words: best.words });
}

/** A number that stands elsewhere with one digit changed was misread in one of the places. */
function numbered(candidate: Candidate): Judged {
  const { survey: { layout }, value, best } = candidate;
  const { support, doubts } = readable(candidate);
  if (layout.source === 'text' || value.length < 5) return { support, doubts };
  const near = layout.rows.flatMap(({ words }) => words).find(({ text, confidence }) => {
    const other = text.replace(/[.,;:]+$/, '');
    return confidence >= misreadAt && other !== value && isWithin({ first: other, second: value, most: 2 });
  });
  return { support, doubts: near === undefined || best.words.includes(near) ? doubts : [...doubts, { why: `it stands elsewhere as "${near.text}"`, atMost: 0.8 }] };
}

/** Below it a word differs because it could not be read. */
const misreadAt = 0.75;

function vendorName({ survey, value, best, same }: Candidate): Judged {
  const named = survey.names.filter((name) => name.value === value);
  const inDomain = named.some((name) => name.inDomain);
  const holdsAccount = named.some((name) => name.holdsAccount);
  const support = [
    ...(inDomain ? ['the mail or web address has its name'] : []),
    ...(holdsAccount ? ['it holds the account'] : []),
    ...(same.length > 1 ? [`stands in ${same.length} places`] : []),
  ];
  // The recipient's mail address may be on the page too, but the sender's name is set off or said again.
  const vouched = holdsAccount || (inDomain && (same.length > 1 || named.some((name) => name.setOff)));
  const { doubts } = readable({ survey, value, best, same });
  return { support, doubts: [...doubts, ...(vouched ? [] : [{ why: inDomain ? 'it stands only once, and not at the top' : 'neither an address nor the account bears this name', atMost: 0.8 }])] };
}

function vendorTaxId({ survey: { layout }, value, best }: Candidate): Judged {
  const check = checkTaxId(value);
  if (check === 'fails') return { support: [], doubts: [{ why: 'its check digit does not hold', atMost: 0.3 }] };
  if (check === undefined) return { support: [], doubts: [{ why: 'no country writes its numbers so', atMost: 0.4 }] };
  if (check === 'none') return legibility({ layout, value, words: best.words });
  const sure = leastOf(best.words);
  if (layout.source === 'text') return { support: ['check digit holds'], doubts: [] };
  // One check digit lets one in ten of the worse spoilt numbers pass.
  return { support: ['check digit holds'], doubts: [{ why: `read with ${percent(sure)}`, atMost: sure >= 0.55 ? 0.95 : 0.8 }] };
}

function iban({ survey: { layout }, value, best }: Candidate): Judged {
  if (!isIban(value)) return { support: [], doubts: [{ why: 'its checksum does not hold', atMost: 0.3 }] };
  return { support: ['checksum holds'], doubts: layout.source === 'text' ? [] : [{ why: `read with ${percent(leastOf(best.words))}`, atMost: 0.96 }] };
}

function currency({ survey: { layout, texts }, value, best, same }: Candidate): Judged {
  const support = [...(same.length > 1 ? [`named ${same.length} times`] : [])];
  if (layout.source === 'text' || same.length > 2) return { support, doubts: [] };
  return { support, doubts: legibility({ layout, value: textOf(best.words) || texts.currency[0]?.value || value, words: best.words }).doubts };
}
