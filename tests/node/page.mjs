// SPDX-License-Identifier: GPL-3.0-or-later
// page.mjs FOLDER: factsheets in FOLDER (KIND-LANG.html) as people meet them in a browser.
import { join } from 'node:path';
import { claim, violations, withBrowser } from './browser.mjs';
import { cells, overlaps, scrolled, tooWide, unasked } from './layout.mjs';

const folder = process.argv[2];
const file = name => join(folder, `${name}.html`);
// each kind, language, width and colour scheme is met with two of the others
const SHEETS = [
    { name: 'published-nl', width: 1600, scheme: 'light' },
    { name: 'published-en', width: 320, scheme: 'dark' },
    { name: 'internal-nl', width: 320, scheme: 'dark' },
    { name: 'internal-en', width: 1600, scheme: 'light' },
    { name: 'draft-nl', width: 1600, scheme: 'dark' },
    { name: 'draft-en', width: 320, scheme: 'light' },
];

/** The figures that were published for 2018-2020 stand where a reader looks. */
async function figures(page) {
    const wrong = [];
    const look = (id, year) => page.evaluate(cells, { id, year });
    const is = (what, got, wanted) => got === wanted || wrong.push(`${what} is ${got}, not ${wanted}`);
    const care = (await look('F7', ''))['buitenschoolse opvang'];
    for (const [year, n] of [['2018', '33'], ['2019', '30'], ['2020', '32']]) {
        is(`BSO ${year} in F7`, care[year], n);
        const both = await look('F3', year);
        is(`BSO ${year} in F3`, both.totaal['buitenschoolse opvang'], n);
    }
    const category = await look('F2', '');
    for (const [row, n] of [['seksueel misbruik', '21'], ['seksuele intimidatie', '18'], ['psychisch geweld', '20'],
        ['fysiek geweld', '40'], ['overig', '4'], ['totaal', '103']])
        is(`${row} 2020 in F2`, category[row]?.['2020'], n);
    return wrong;
}

/** Tab reaches everything that can be reached, in the order of the page, and shows where it is. */
async function keyboard(page) {
    const n = await page.evaluate(() => {
        const all = [...document.querySelectorAll('a[href], [tabindex="0"]')];
        window.wrong = [];
        let next = 0;
        document.addEventListener('focusin', ({ target }) => {
            const box = target.getBoundingClientRect();
            if (target !== all[next++] || getComputedStyle(target).outlineStyle === 'none' || box.left < 0 || box.width === 0)
                window.wrong.push(`${next}: ${target.outerHTML.slice(0, 60)}`);
            window.reached = next;
        });
        return all.length;
    });
    for (let i = 0; i < n; i++)
        await page.keyboard.press('Tab');
    return page.evaluate(wanted => window.wrong.concat(window.reached === wanted ? [] : `reached ${window.reached} of ${wanted}`), n);
}

/** The skip link leads past the contents; the arrows move a table that is too wide. */
async function skipAndScroll(page) {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement.closest('main') !== null);
    const region = page.locator('#F3-0').locator('xpath=ancestor::div[@role="group"]');
    await region.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(200);
    const moved = await region.evaluate(e => e.scrollLeft > 0);
    return [!inside && 'the skip link does not lead into the text', !moved && 'the table does not move'];
}

/** What a screen reader is told first: language, landmarks, names of tables. */
async function structure(page, lang) {
    const wrong = [];
    if (await page.evaluate(() => document.documentElement.lang) !== lang)
        wrong.push('the language');
    for (const role of ['banner', 'navigation', 'main', 'contentinfo'])
        if (await page.getByRole(role).count() !== 1)
            wrong.push(role);
    const tables = await page.evaluate(() => [...document.querySelectorAll('table')].map(t => [
        t.caption?.textContent, t.querySelectorAll('thead th[scope=col]').length === t.tHead.rows[0].cells.length,
        [...t.querySelectorAll('tbody tr')].every(r => r.cells[0].matches('th[scope]'))]));
    for (const [caption, columns, rows] of tables)
        if (!caption || !columns || !rows)
            wrong.push(`table ${caption}`);
    return wrong;
}

await withBrowser(async open => {
    for (const { name, width, scheme } of SHEETS) {
        const page = await open(file(name), { width, scheme });
        claim(`${name}: nothing against it by axe-core, ${width} wide and ${scheme}`, await violations(page));
        claim(`${name}: language, landmarks, tables with captions and headings`, await structure(page, name.slice(-2)));
        claim(`${name}: no sideways scrolling at ${width}`, await page.evaluate(tooWide));
        await page.close();
    }
    for (const [width, text] of [[1600, 100], [1280, 200], [720, 200], [320, 100], [320, 200]]) {
        const page = await open(file('draft-nl'), { width, text });
        claim(`text of ${text} % at ${width}: nothing lies over anything or is cut off`, await page.evaluate(overlaps));
        claim(`text of ${text} % at ${width}: no sideways scrolling`, await page.evaluate(tooWide));
        claim(`text of ${text} % at ${width}: the skip link waits for the keyboard`, await page.evaluate(unasked));
        await page.close();
    }
    // three years at a glance: of the newest no reader should have to guess that it is there
    for (const [width, ids] of [[320, ['F1', 'F2', 'F6', 'F7']], [1280, ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7']]]) {
        const page = await open(file('draft-nl'), { width });
        claim(`at ${width} the tables ${ids.join(' ')} show all their columns`, await page.evaluate(scrolled, ids));
        await page.close();
    }
    let page = await open(file('published-nl'));
    claim('the published figures stand where a reader looks', await figures(page));
    claim('the keyboard reaches everything, in order, and one sees where it is', await keyboard(page));
    await page.close();

    page = await open(file('draft-nl'), { width: 320 });
    claim('the skip link and the arrows work', await skipAndScroll(page));
    await page.close();

    // what it asks for or runs is told at the end, for all pages
    page = await open(join(folder, 'hostile', 'factsheet.html'), { width: 320 });
    claim('hostile texts become no part of the page', await page.evaluate(() =>
        [...document.querySelectorAll('*')].filter(e => /^(script|i?frame|img|object|embed|link|base|form|input)$/.test(e.localName) ||
            [...e.attributes].some(a => a.name.startsWith('on') || /script:/i.test(a.value))).map(e => e.outerHTML.slice(0, 80))));
    claim('however long they are, the page does not scroll sideways', await page.evaluate(tooWide));
    await page.close();

    // A4 less its margins, at 96 dots an inch
    page = await open(file('draft-nl'), { width: 665, media: 'print', scheme: 'dark' });
    claim('in print nothing is too wide', await page.evaluate(tooWide));
    claim('in print nothing lies over anything', await page.evaluate(overlaps));
    claim('in print the paper is white', await page.evaluate(() =>
        getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)' && 'it is not'));
    await page.pdf({ path: join(folder, 'browser.pdf'), preferCSSPageSize: true });
    await page.close();
});
