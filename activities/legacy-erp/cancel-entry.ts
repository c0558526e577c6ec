import { cancelEntry } from '../../contracts/activities/legacy-erp.ts';
import { unexpected } from '../../contracts/failures.ts';
import { implement } from '../implement.ts';
import { atErp } from './attempt.ts';
import { referenceOf, sameInErp } from './entry.ts';
import { cancelDocument, openDocument } from './pages/document.ts';
import { findDocuments } from './pages/find-documents.ts';
import { blockReference } from './pages/posting-blocks.ts';
import type { Screen } from './screen.ts';

/**
 * Blocks the reference first: from then on the ERP itself refuses a posting that is still on its way. Only then is it certain that what the search finds
 * is all there will ever be.
 */
export const cancel = implement(cancelEntry, ({ output, forwardKey }, call) => {
  const reference = referenceOf(forwardKey);
  const reason = `undone with ${call.instanceId}`.slice(0, 120);
  const find = async (screen: Screen) =>
    (await findDocuments(screen, { reference })).filter((hit) => sameInErp(hit.reference, reference));

  return atErp(call, async (screen) => {
    await blockReference(screen, { reference, reason });
    const all = await find(screen);
    const posted = all.filter(({ status }) => status === 'posted');
    for (const { documentNumber } of posted) {
      if (documentNumber !== posted[0]?.documentNumber) await find(screen);
      await openDocument(screen, documentNumber);
      await cancelDocument(screen, { documentNumber, reason });
      call.log.info(`document ${documentNumber} of the legacy ERP is cancelled`, { reference });
    }
    if (output && !all.some(({ documentNumber }) => documentNumber === output.documentNumber)) {
      throw unexpected(`document ${output.documentNumber} was entered under the reference "${reference}", but the legacy ERP does not find it by it any more. Look for it there and cancel it by hand.`);
    }
    return { undone: all.length > 0 };
  });
});
