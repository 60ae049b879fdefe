import { expect, test } from 'vitest';

import { escapeXml, svgDocument, svgElement } from '../../src/export/svg-text.js';
import { fileNameOf } from '../../src/export/save.js';

test('texts in SVG are texts, whatever they hold', () => {
  const hostile = `<script>alert(1)</script>&"'\u0000\u202e]]>`;
  const escaped = escapeXml(hostile);
  expect(escaped).not.toMatch(/[<>"'\u0000\u202e]/);
  expect(escaped).toBe('&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;\\0\\u{202e}]]&gt;');
  expect(svgElement('text', { x: 1, 'data-a': '"><b>' }, escaped)).toBe(
    `<text x="1" data-a="&quot;&gt;&lt;b&gt;">${escaped}</text>`,
  );
});

test('an SVG document names its size and stands on its background', () => {
  const document = svgDocument(30, 20, '#fff', '<g/>');
  expect(document).toContain('viewBox="0 0 30 20"');
  expect(document).toContain('<rect width="30" height="20" fill="#fff"/><g/>');
});

test('names of files hold nothing that a file system minds', () => {
  expect(fileNameOf('../../etc/passwd\u0000', 'flame')).toBe('etc-passwd-flame');
  expect(fileNameOf('x'.repeat(500), 'csv')).toHaveLength(120);
});
