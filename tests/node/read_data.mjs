// SPDX-License-Identifier: GPL-3.0-or-later
// read_data.mjs FOLDER: what readers that are not ours make of the data in FOLDER.
// Prints JSON: "jsonstat", the cells that jsonstat-toolkit finds in
// factsheet.jsonstat.json, and "csvw", those that rdf-parser-csvw makes of
// factsheet.csv by factsheet.csv-metadata.json, both as rows of factsheet.csv.
import { createReadStream, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import rdf from '@rdfjs/data-model'
import Parser from 'rdf-parser-csvw'

const JSONstat = createRequire(import.meta.url)('jsonstat-toolkit')
const folder = process.argv[2]
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))

function must (holds, what) {
  if (!holds) throw new Error(what)
}

// ---- JSON-stat --------------------------------------------------------------------

const text = (value) => value === null || value === undefined ? '' : String(value)

function jsonstatRows () {
  const collection = JSONstat(read('factsheet.jsonstat.json'))
  must(collection.class === 'collection' && collection.length === 7, 'no collection of seven')
  const rows = []
  for (const set of collection.Dataset()) {
    must(set.class === 'dataset' && set.role.time[0] === 'year', 'a dataset without time')
    must(set.role.metric[0] === 'measure', 'a dataset without a measure')
    const labels = set.Dimension('measure').Category().map((c) => c.label)
    must(labels.every((l) => typeof l === 'string') &&
      set.Dimension('measure').Category(0).unit.label === 'dossier', 'a measure without a unit')
    const at = new Array(set.length).fill(0)
    for (let i = 0; i < set.n; i++) {
      const key = Object.fromEntries(set.id.map((id, d) => [id, set.Dimension(id).id[at[d]]]))
      const cell = set.Data(at)
      const { lo, hi } = set.extension
      rows.push({
        table: set.extension.table,
        year: key.year,
        care_type: text(key.care_type),
        category: text(key.category),
        measure: key.measure,
        unit: 'dossier',
        value: text(cell.value),
        mark: text(cell.status),
        lo: text(lo[i]),
        hi: text(hi[i])
      })
      for (let d = set.length - 1; d >= 0 && ++at[d] === set.size[d]; d--) at[d] = 0
    }
  }
  return rows
}

// ---- CSV on the Web ------------------------------------------------------------------
// The parser takes metadata as RDF: the terms of the context that the file uses.

const CSVW = 'http://www.w3.org/ns/csvw#'
const PREFIXES = {
  dc: 'http://purl.org/dc/terms/',
  qb: 'http://purl.org/linked-data/cube#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  xsd: 'http://www.w3.org/2001/XMLSchema#'
}
const TERMS = { titles: 'title', columns: 'column' }

function iri (term) {
  const [prefix, name] = term.split(':')
  if (name === undefined) return rdf.namedNode(CSVW + (TERMS[term] ?? term))
  must(PREFIXES[prefix], `the prefix ${prefix} is not of the context`)
  return rdf.namedNode(PREFIXES[prefix] + name)
}

class Metadata {
  constructor (json, base) {
    this.quads = []
    must(json['@context'][0] === 'http://www.w3.org/ns/csvw', 'no context of CSVW')
    this.add(rdf.blankNode(), json, base)
  }

  match (s, p, o) {
    const fits = (term, wanted) => !wanted || term.equals(wanted)
    const found = Object.create(Metadata.prototype)
    found.quads = this.quads.filter((q) => fits(q.subject, s) && fits(q.predicate, p) && fits(q.object, o))
    return found
  }

  [Symbol.iterator] () { return this.quads[Symbol.iterator]() }

  add (subject, object, base) {
    for (const [key, value] of Object.entries(object)) {
      if (key === '@context') continue
      const predicate = key === '@type' ? iri('rdf:type') : iri(key)
      for (const node of this.nodes(key, value, base)) this.quads.push(rdf.quad(subject, predicate, node))
    }
    return subject
  }

  nodes (key, value, base) {
    if (key === 'columns') return [this.list(value, base)]
    if (key === 'titles') return Object.entries(value).map(([lang, title]) => rdf.literal(title, lang))
    if (Array.isArray(value)) return value.flatMap((v) => this.nodes(key, v, base))
    if (key === 'url') return [rdf.namedNode(base + value)]
    if (key === '@type') return [iri(value)]
    if (key === 'datatype' && typeof value === 'string') return [rdf.namedNode(PREFIXES.xsd + value)]
    if (typeof value !== 'object') return [rdf.literal(String(value))]
    if ('@value' in value) {
      return [rdf.literal(value['@value'], value['@language'] ?? iri(value['@type']))]
    }
    return [this.add(rdf.blankNode(), value, base)]
  }

  list (values, base) {
    let rest = iri('rdf:nil')
    for (const value of [...values].reverse()) {
      const node = rdf.blankNode()
      this.quads.push(rdf.quad(node, iri('rdf:first'), this.add(rdf.blankNode(), value, base)),
        rdf.quad(node, iri('rdf:rest'), rest))
      rest = node
    }
    return rest
  }
}

async function csvwRows () {
  const json = read('factsheet.csv-metadata.json')
  const base = 'http://h.example/factsheet.csv'
  const columns = json.tableSchema.columns
  const metadata = new Metadata(json, 'http://h.example/')
  const parser = new Parser({ metadata, baseIRI: base })
  const rows = new Map()
  const order = []
  for await (const quad of parser.import(createReadStream(join(folder, json.url)))) {
    if (quad.predicate.value === CSVW + 'describes') {
      order.push(quad.object.value)
      rows.set(quad.object.value, Object.fromEntries(columns.map((c) => [c.name, ''])))
    }
    const row = rows.get(quad.subject.value)
    if (!row) continue
    const name = quad.predicate.value.slice(base.length + 1)
    const column = columns.find((c) => c.name === name)
    must(column, `a cell of no column: ${quad.predicate.value}`)
    const type = typeof column.datatype === 'string' ? column.datatype : column.datatype.base
    must(quad.object.datatype.value === PREFIXES.xsd + type, `${name} is of another type`)
    if (type === 'nonNegativeInteger') must(/^\d+$/.test(quad.object.value), `${name} is no number`)
    row[name] = quad.object.value
  }
  const keys = order.map((id) => json.tableSchema.primaryKey.map((k) => rows.get(id)[k]).join('\n'))
  must(new Set(keys).size === keys.length, 'the primary key is not one')
  return order.map((id) => rows.get(id))
}

console.log(JSON.stringify({ jsonstat: jsonstatRows(), csvw: await csvwRows() }))
