/**
 * Bounds how many connections a server holds, and lets none of them stand in for another that does something: where all
 * are taken, the one that has waited longest without a request gives way. So clients that open connections and send
 * nothing, or a byte now and then, keep nobody out.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that have begun are never cut; where only such are left, newcomers are turned away. */
export function limitConnections(server: Server, most: number): void {
  /** In the order in which they last had a request, or came. */
  const waiting = new Set<Socket>();
  let open = 0;
  server.on('connection', (socket: Socket) => {
    if (open >= most) {
      const [oldest] = waiting;
      if (oldest === undefined) return void socket.destroy();
      waiting.delete(oldest);
      oldest.destroy();
    }
    open++;
    waiting.add(socket);
    socket.once('close', () => {
      open--;
      waiting.delete(socket);
    });
  });
  server.on('request', ({ socket }, response) => {
    waiting.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) waiting.add(socket);
    });
  });
}
