import { createCanvas, Image } from '@napi-rs/canvas';

/** Pixels in rows from the top, four bytes each: red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/**
 * A PNG or JPEG as pixels on white, scaled down to at most `maxPixels`.
 *
 * @throws Error when it cannot be decoded
 */
export async function decodePicture({ bytes, maxPixels }: { bytes: Uint8Array; maxPixels: number }): Promise<Pixels> {
  const image = new Image();
  await new Promise<void>((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = reject;
    image.src = Buffer.from(bytes);
  });
  if (image.width < 1 || image.height < 1) throw new Error('the picture has no pixels');
  const scale = Math.min(1, Math.sqrt(maxPixels / (image.width * image.height)));
  const width = Math.max(1, Math.floor(image.width * scale));
  const height = Math.max(1, Math.floor(image.height * scale));
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  return { width, height, rgba: new Uint8Array(context.getImageData(0, 0, width, height).data.buffer) };
}
