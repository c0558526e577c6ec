import { implement } from '../../../activities/implement.ts';
import { enterInvoice } from '../../../contracts/activities/legacy-erp.ts';
import { runWorkers } from '../../../workers/run.ts';

/** The product's worker, but that the robot takes no time: a browser on two cores would take hours for hundreds of invoices. */
const robot = implement(enterInvoice, ({ invoiceNumber }) => Promise.resolve({ documentNumber: `typed ${invoiceNumber}`, evidence: [] }));
await runWorkers({ around: (implementation) => (implementation.implements === enterInvoice ? (robot) : implementation) });
