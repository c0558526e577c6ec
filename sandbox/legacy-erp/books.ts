import { join } from 'node:path';
import { z } from 'zod';
import { openJournal } from '../journal.ts';

const Amount = z.strictObject({
  /** cents for EUR, whole yen for JPY */
  minorUnits: z.int(),
  currency: z.string(),
});

/** What a clerk fills in. Dates are ISO here; the pages show them as DD.MM.YYYY. */
const Draft = z.strictObject({
  vendorId: z.string(),
  vendorName: z.string(),
  invoiceNumber: z.string(),
  invoiceDate: z.string(),
  orderNumber: z.string(),
  costCentre: z.string(),
  reference: z.string(),
  net: Amount,
  tax: Amount,
  total: Amount,
});
export type Draft = z.infer<typeof Draft>;

const Entry = z.strictObject({
  documentNumber: z.string(),
  state: z.enum(['posted', 'cancelled']),
  ...Draft.shape,
  enteredBy: z.string(),
  enteredAt: z.string(),
  cancelledBy: z.string().optional(),
  cancelledAt: z.string().optional(),
  cancelReason: z.string().optional(),
});
export type Entry = z.infer<typeof Entry>;

export const blockKinds = ['vendor', 'reference'] as const;
export type BlockKind = (typeof blockKinds)[number];

/** While it stands, nothing can be posted for this vendor, or with this reference. */
const Block = z.strictObject({ kind: z.enum(blockKinds), value: z.string(), reason: z.string(), setBy: z.string(), setAt: z.string() });
export type Block = z.infer<typeof Block>;

const Change = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('post'), entry: Entry }),
  z.strictObject({ do: z.literal('cancel'), documentNumber: z.string(), by: z.string(), at: z.string(), reason: z.string() }),
  z.strictObject({ do: z.literal('block'), block: Block }),
  z.strictObject({ do: z.literal('lift'), kind: z.enum(blockKinds), value: z.string() }),
]);
type Change = z.infer<typeof Change>;

export interface Search {
  vendorId: string;
  invoiceNumber: string;
  reference: string;
}

export type Books = Awaited<ReturnType<typeof openBooks>>;

/** Everything the ERP holds, in `legacy-erp.jsonl` of the data directory. Nothing may be told of a change before `settled`. */
export async function openBooks({ dataDir }: { dataDir: string }) {
  const entries = new Map<string, Entry>();
  const blocks = new Map<string, Block>();
  const journal = await openJournal({ file: join(dataDir, 'legacy-erp.jsonl'), entry: Change, replay: apply });

  function apply(change: Change): void {
    if (change.do === 'post') entries.set(change.entry.documentNumber, change.entry);
    else if (change.do === 'block') blocks.set(blockKey(change.block), change.block);
    else if (change.do === 'lift') blocks.delete(blockKey(change));
    else {
      const entry = entries.get(change.documentNumber);
      if (!entry) throw new Error(`the journal cancels document ${change.documentNumber}, which it never posted`);
      entries.set(entry.documentNumber, { ...entry, state: 'cancelled', cancelledBy: change.by, cancelledAt: change.at, cancelReason: change.reason });
    }
  }

  function write(change: Change): void {
    journal.append(change);
    apply(change);
  }

  return {
    /** Waits until all changes so far are on the disk. */
    settled: () => journal.settled(),
    close: () => journal.close(),
    entries: () => [...entries.values()],
    blocks: () => [...blocks.values()],
    entry: (documentNumber: string) => entries.get(documentNumber),
    block: (wanted: { kind: BlockKind; value: string }) => blocks.get(blockKey(wanted)),

    /** Criteria left empty match everything; newest first. */
    find(search: Search): Entry[] {
      const criteria = (['vendorId', 'invoiceNumber', 'reference'] as const).filter((field) => search[field] !== '');
      return [...entries.values()].filter((entry) => criteria.every((field) => same(entry[field], search[field]))).reverse();
    },

    /** Posts whatever it is given, twice if it is given twice: this ERP never learned to look for doubles. */
    post({ draft, by }: { draft: Draft; by: string }): Entry {
      const documentNumber = String(5_100_000_001 + entries.size);
      const entry: Entry = { documentNumber, state: 'posted', ...draft, enteredBy: by, enteredAt: new Date().toISOString() };
      write({ do: 'post', entry });
      return entry;
    },

    cancel({ documentNumber, reason, by }: { documentNumber: string; reason: string; by: string }): void {
      write({ do: 'cancel', documentNumber, reason, by, at: new Date().toISOString() });
    },

    setBlock({ kind, value, reason, by }: { kind: BlockKind; value: string; reason: string; by: string }): void {
      write({ do: 'block', block: { kind, value, reason, setBy: by, setAt: new Date().toISOString() } });
    },

    liftBlock({ kind, value }: { kind: BlockKind; value: string }): void {
      write({ do: 'lift', kind, value });
    },
  };
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const blockKey = ({ kind, value }: { kind: BlockKind; value: string }): string => `${kind} ${value.toLowerCase()}`;
