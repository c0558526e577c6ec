import type { Reading } from '../../contracts/activities/ocr.ts';
import type { PdfText } from '../../documents/pdf.ts';

type Page = Reading['pages'][number];

/** Some of these are on every business paper in German or English, and none in a text layer whose letters are mixed up. */
const everyday = new Set(
  (
    'rechnung rechnungsnummer rechnungsdatum datum betrag summe gesamt netto brutto mwst ust menge preis einzelpreis zahlbar bank konto seite tel telefon bitte ' +
    'und der die das den dem mit von für zu auf bei ihre ihr wir sie uns vielen dank nr kunde kundennummer lieferung lieferschein ' +
    'invoice date amount total subtotal net tax vat quantity qty price unit description payment due bank account page phone please number no ' +
    'and the of to your for with from we our you thank thanks bill order customer delivery terms reference by on in is gmbh ltd inc iban eur'
  ).split(' '),
);
const fewest = 4;

/** A picture that takes more of the page than this is a scan; the text with it is somebody's recognition, of unknown quality. */
const largestPicture = 0.5;

/** The page as its text layer gives it; `undefined` when the layer is missing, belongs to a scan, or is not language, so that the page must be recognised. */
export function fromTextLayer({ width, height, words, picture }: PdfText): Page | undefined {
  if (picture > largestPicture) return undefined;
  const visible = words.filter((word) => word.visible);
  const known = new Set(visible.map(({ text }) => text.toLowerCase().replace(/[^\p{L}]/gu, '')).filter((word) => everyday.has(word)));
  if (known.size < fewest) return undefined;
  // Replacement, private and control characters stand for letters that the file does not name.
  const strange = visible.filter(({ text }) => /[\uFFFD\p{Co}\p{Cc}]/u.test(text)).length;
  if (strange > visible.length * 0.02) return undefined;
  return { aspect: width / height, words: words.map(({ text, box, visible: seen }) => ({ text, box: [...box], confidence: seen ? 1 : 0 })) };
}
