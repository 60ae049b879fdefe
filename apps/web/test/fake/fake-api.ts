import type { Api } from './static-server.js';
export const answerFake: Api = (_, response) => void response.writeHead(404).end();
