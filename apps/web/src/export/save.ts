/** Hands a made file to the reader's browser. */
export function saveFile(name: string, content: Blob | string, type: string): void {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A name that any file system takes. */
export function fileNameOf(...parts: readonly string[]): string {
  return parts
    .map((part) => part.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[-.]+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 120);
}

/** Throws when the canvas is too large for the browser. */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture is too large')) : resolve(blob)),
      'image/png',
    );
  });
}
