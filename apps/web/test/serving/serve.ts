/** `npm run dev -- ADDRESS PORT`: the built page, with the API of a running `memscope serve` behind it. */
import { servePage } from './static-server.js';

const [address = 'http://127.0.0.1:8123', port = '8124'] = process.argv.slice(2);
const { address: page } = await servePage({ passTo: address }, Number(port));
process.stdout.write(`${page}\n`);
