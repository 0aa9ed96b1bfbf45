// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about where things stand. Each runs in the page and answers with what is wrong.

/** The page as a whole does not scroll sideways. */
export function tooWide() {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth)
        return [];
    return [...document.body.querySelectorAll('*')]
        .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('.wide > *'))
        .map(e => `${e.localName}.${e.className.baseVal ?? e.className} ends at ${Math.round(e.getBoundingClientRect().right)}`)
        .concat(`${root.scrollWidth} wide`);
}

/** Tables of these sections show all their columns at once. */
export function scrolled(ids) {
    return [...document.querySelectorAll('.wide')]
        .map(e => [e.closest('section').querySelector('h2').id, e.scrollWidth - e.clientWidth])
        .filter(([id, more]) => ids.includes(id) && more > 0)
        .map(([id, more]) => `${id} is ${more} too wide`);
}

/** What is for the keyboard only is not seen before the keyboard is there. */
export function unasked() {
    return [...document.querySelectorAll('.skip')].map(e => e.getBoundingClientRect())
        .filter(r => r.bottom > 0 && r.right > 0).map(r => `the skip link shows at ${r.left}, ${r.top}`);
}

/** No text lies over other text, and none is cut off by what holds it. */
export function overlaps() {
    const boxes = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || element.closest('title, desc, .skip'))
            continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const picture = element.closest('svg');
        const rects = picture ? [element.getBoundingClientRect()] : [...range.getClientRects()];
        for (const r of rects)
            boxes.push({ r, element, picture, text: node.data.trim().slice(0, 30) });
    }
    const wrong = [];
    boxes.sort((a, b) => a.r.top - b.r.top);
    // letters have air above and below them in their boxes
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.4 * Math.min(a.height, b.height);
    boxes.forEach((a, i) => {
        for (let k = i + 1; k < boxes.length && boxes[k].r.top < a.r.bottom; k++)
            if (a.element !== boxes[k].element && meet(a.r, boxes[k].r))
                wrong.push(`"${a.text}" over "${boxes[k].text}"`);
        const frame = a.picture?.getBoundingClientRect();
        if (frame && (a.r.right > frame.right + 1 || a.r.left < frame.left - 1 || a.r.bottom > frame.bottom + 1))
            wrong.push(`"${a.text}" ends outside its picture`);
    });
    for (const e of document.querySelectorAll('body *'))
        if (['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1 && !e.closest('svg'))
            wrong.push(`${e.localName} cuts off "${e.textContent.trim().slice(0, 30)}"`);
    return wrong;
}

/** What a reader finds in a table: rows by their heading, years by theirs. */
export function cells({ id, year }) {
    const section = document.getElementById(id).closest('section');
    const table = [...section.querySelectorAll('table')].find(t => t.caption.textContent.includes(year));
    const plain = th => [...th.childNodes].filter(n => n.nodeType === Node.TEXT_NODE).map(n => n.data).join('').trim();
    const heads = [...table.tHead.rows[0].cells].map(plain);
    const rows = {};
    for (const body of table.tBodies)
        for (const row of body.rows)
            rows[plain(row.cells[0])] = Object.fromEntries([...row.cells].slice(1).map((c, i) => [heads[i + 1], c.textContent]));
    return rows;
}
