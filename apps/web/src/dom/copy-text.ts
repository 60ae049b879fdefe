/** Text → the clipboard, where the browser lets a page write to it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused, or there is no clipboard on an address without encryption.
    return false;
  }
}
