import { crc32 } from 'node:zlib';

export type PictureSize = { readonly width: number; readonly height: number } | { readonly flaw: string };

/** The size of a PNG, once all its chunks are there with the right checksums (PNG specification, third edition, chapter 5). */
export function pngSize(bytes: Uint8Array): PictureSize {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: PictureSize | undefined;
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > file.length) return { flaw: 'it ends in the middle of a chunk' };
    const type = file.toString('latin1', at + 4, at + 8);
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) return { flaw: `the checksum of chunk ${JSON.stringify(type)} is wrong` };
    if (size === undefined) {
      if (type !== 'IHDR' || length !== 13) return { flaw: 'it does not begin with its header' };
      size = { width: file.readUInt32BE(at + 8), height: file.readUInt32BE(at + 12) };
    }
    if (type === 'IEND') return size;
    at = end;
  }
  return { flaw: 'its end is missing' };
}

/** Start-of-frame markers; C4, C8 and CC lie between them and are something else. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const standsAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** The size of a JPEG, once its segments lead to the end-of-image marker (ITU-T T.81, annex B). */
export function jpegSize(bytes: Uint8Array): PictureSize {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: PictureSize | undefined;
  let at = 2;
  while (at + 2 <= file.length) {
    if (file[at] !== 0xff) return { flaw: 'a segment does not begin where it should' };
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff) at += 1;
    else if (marker === 0xd9) return size ?? { flaw: 'it holds no picture' };
    else if (standsAlone(marker)) at += 2;
    else {
      if (at + 4 > file.length) break;
      const end = at + 2 + file.readUInt16BE(at + 2);
      if (end > file.length) break;
      if (isFrame(marker) && end - at >= 9) size ??= { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) };
      // After a start of scan come coded data, up to a marker that is neither stuffing nor a restart.
      at = marker === 0xda ? afterCodedData(file, end) : end;
    }
  }
  return { flaw: 'its end is missing' };
}

function afterCodedData(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0 && at + 1 < file.length; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return file.length;
}

