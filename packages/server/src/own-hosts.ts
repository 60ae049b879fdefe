/** The address that a server listens on → the names under which it may be asked for. */
import { hostname, networkInterfaces } from 'node:os';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const EVERYWHERE = new Set(['0.0.0.0', '::', '']);

/** Whether only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** As `Host` headers say them, in lower case. */
export function ownHosts(host: string, port: number): Set<string> {
  const names = [...LOOPBACK, bracketed(host)];
  // Addresses cannot be borrowed by a site of somebody else, names could.
  if (EVERYWHERE.has(host)) names.push(hostname(), ...ownAddresses().map(bracketed));
  const hosts = names.map((name) => `${name.toLowerCase()}:${port}`);
  return new Set(port === 80 ? [...hosts, ...names.map((name) => name.toLowerCase())] : hosts);
}

/** For a person to open. */
export function addressOf(host: string, port: number): string {
  const name = EVERYWHERE.has(host) ? (ownAddresses().find((address) => !address.includes(':')) ?? hostname()) : host;
  return `http://${bracketed(name)}:${port}/`;
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
