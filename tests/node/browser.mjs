// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's Chromium, and pages in it that can reach nothing but themselves.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

export function claim(sentence, problems) {
    const said = [problems].flat().filter(Boolean).map(String);
    console.log(said.length === 0 ? `ok - ${sentence}` : `not ok - ${sentence}: ${said.slice(0, 5).join(' | ')}`);
}

/** Runs work(open) and closes the browser; open gives the page of a file. */
export async function withBrowser(work) {
    // the sandbox of the browser wants a kernel and a user that a machine of tests may lack
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', chromiumSandbox: false });
    const asked = [];
    try {
        await work(async (file, { width = 1280, scheme = 'light', text = 100, media = 'screen' } = {}) => {
            const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
            const url = pathToFileURL(file).href;
            await page.emulateMedia({ media });
            page.on('request', request => request.url() === url || asked.push(request.url()));
            page.on('dialog', dialog => asked.push(`dialog ${dialog.message()}`) && dialog.dismiss());
            page.on('pageerror', error => asked.push(`script ${error.message}`));
            await page.goto(url);
            if (text !== 100)
                await page.evaluate(size => { document.documentElement.style.fontSize = `${size}%`; }, text);
            return page;
        });
    } finally {
        await browser.close();
    }
    claim('no page asked for anything or ran anything', asked);
}

/** What axe-core has against the page. */
export async function violations(page) {
    await page.evaluate(axe);
    const found = await page.evaluate(values => window.axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'], preload: false }), RULES);
    return found.violations.map(v => `${v.id}: ${v.nodes[0].target} (${v.nodes.length}) ${v.nodes[0].any[0]?.message ?? v.help}`);
}
