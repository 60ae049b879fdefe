/**
 * The token that a server beyond this machine wants: it comes in the page's fragment (`#token=…`), which no request
 * carries, leaves the address bar at once, and lives as long as the tab.
 */
const KEY = 'memscope.token';

export function takeTokenFromUrl(): void {
  const token = /^#token=([\w.~+/=-]{1,400})$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  sessionStorage.setItem(KEY, token);
  history.replaceState(null, '', location.pathname + location.search);
}

export function authorization(): Record<string, string> {
  const token = sessionStorage.getItem(KEY);
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
