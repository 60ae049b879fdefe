import { expect, test } from 'vitest';

import { programOf } from '../../src/text/program-of.js';

test.each([
  ['/usr/lib/python3/dist-packages/memray/__main__.py run -f -q -o /tmp/a.bin app.py --port 80', 'app.py --port 80'],
  ['/srv/venv/bin/memray run --native -fo out.bin -m uvicorn app:main -o x', '-m uvicorn app:main -o x'],
  ['python3.12 -X dev -m memray run app.py', 'app.py'],
  ['/usr/bin/python3 -u -m memray run --follow-fork app.py -f', 'app.py -f'],
  ['memray run --live-port 5000 --live-remote -- app.py -o b', 'app.py -o b'],
  ['memray run -c print(1)', '-c print(1)'],
  ['/srv/venv/bin/pytest tests -q', '/srv/venv/bin/pytest tests -q'],
  ['/usr/bin/python3 serve.py 8000', 'serve.py 8000'],
  ['/opt/memray run/app.py', '/opt/memray run/app.py'],
  ['', ''],
])('of %s the program is %s', (commandLine, program) => expect(programOf(commandLine)).toBe(program));
