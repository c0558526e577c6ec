import { enterInvoice } from '../../contracts/activities/legacy-erp.ts';
import { rejected, unavailable, unexpected } from '../../contracts/failures.ts';
import { keepPicture } from '../browser/evidence.ts';
import { implement } from '../implement.ts';
import { atErp } from './attempt.ts';
import { differences, factsOf, referenceOf, sameInErp } from './entry.ts';
import type { Facts } from './entry.ts';
import { openDocument, readFacts } from './pages/document.ts';
import { fillIn, post } from './pages/enter-invoice.ts';
import { findDocuments } from './pages/find-documents.ts';
import type { Hit } from './pages/find-documents.ts';
import type { Screen } from './screen.ts';

/**
 * The ERP enters twice what is typed twice. So the robot marks its entry with the idempotency key as the reference, looks for it before it types anything,
 * and never takes a posting without an answer for one that did not happen.
 */
export const enter = implement(enterInvoice, async (entry, call) => {
  const reference = referenceOf(call.idempotencyKey);
  const facts = factsOf({ entry, reference });
  return atErp(call, async (screen) => {
    const earlier = await findOwn(screen, reference);
    if (earlier) {
      call.log.info(`document ${earlier} was entered by an earlier attempt`, { reference });
      await readBack(screen, { documentNumber: earlier, facts });
      const title = `Document ${earlier} in the legacy ERP, entered by an earlier attempt`;
      return { documentNumber: earlier, evidence: [await keepPicture({ page: screen.page, call, name: 'document', title })] };
    }
    await refuseDouble(screen, facts);
    await fillIn(screen, facts);
    const documentNumber = await post(screen, facts);
    const confirmation = await keepPicture({ page: screen.page, call, name: 'confirmation', title: `The legacy ERP confirms document ${documentNumber}` });
    const found = await findOwn(screen, reference);
    if (found !== documentNumber) throw unexpected(`the legacy ERP confirmed document ${documentNumber}, but finds ${found ?? 'nothing'} under its reference "${reference}"`);
    await readBack(screen, { documentNumber, facts });
    return { documentNumber, evidence: [confirmation] };
  });
});

/** The document that carries this reference, if any. @throws rejected when it was cancelled: whoever did that does not want it back */
async function findOwn(screen: Screen, reference: string): Promise<string | undefined> {
  const own = (await findDocuments(screen, { reference })).filter((hit) => sameInErp(hit.reference, reference));
  const posted = own.filter(isPosted);
  if (posted.length > 1) throw unexpected(`documents ${numbers(posted)} of the legacy ERP carry the same reference "${reference}". Cancel all but one there, then retry.`);
  if (posted[0]) return posted[0].documentNumber;
  if (own.length > 0) throw rejected(`document ${numbers(own)} of the legacy ERP, entered for this step, was cancelled; it is not entered again`);
  return undefined;
}

/** @throws rejected when somebody else entered the invoice already */
async function refuseDouble(screen: Screen, facts: Facts): Promise<void> {
  const { 'Vendor no.': vendorId, 'Invoice no.': invoiceNumber, Reference: reference } = facts;
  const same = (await findDocuments(screen, { vendorId, invoiceNumber })).filter(
    (hit) => isPosted(hit) && sameInErp(hit.vendorId, vendorId) && sameInErp(hit.invoiceNumber, invoiceNumber),
  );
  if (same.some((hit) => sameInErp(hit.reference, reference))) throw unavailable('the entry appeared in the legacy ERP while the robot looked for it: an earlier attempt is still at work');
  if (same.length > 0) throw rejected(`invoice ${invoiceNumber} of vendor ${vendorId} is in the legacy ERP already: document ${numbers(same)}, not entered by this process`);
}

/** Opens the document from the list in which it was found. @throws unexpected when it says anything else than it should */
async function readBack(screen: Screen, { documentNumber, facts }: { documentNumber: string; facts: Facts }): Promise<void> {
  await openDocument(screen, documentNumber);
  const wrong = differences({ meant: facts, shown: await readFacts(screen.page) });
  if (wrong.length > 0) throw unexpected(`document ${documentNumber} of the legacy ERP is not what was to be entered: ${wrong.join('; ')}. Correct or cancel it there.`);
}

const isPosted = ({ status }: Hit): boolean => status === 'posted';
const numbers = (hits: readonly Hit[]): string => hits.map(({ documentNumber }) => documentNumber).join(', ');
