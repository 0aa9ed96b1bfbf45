// SPDX-License-Identifier: GPL-3.0-or-later

// Exportcheck reads an exported access log with golang.org/x/mod, which knows
// nothing of this project: it opens the signed checkpoint, recomputes the root
// from the tiles and again from the leaves, and proves leaves and an earlier
// checkpoint.
//
//	exportcheck [-pruned N] EXPORT [EARLIER EXPORT]
//
// Of a log that was pruned the first N entries have no leaf: their hashes are
// those of the tiles.
//
// It prints one line of JSON, or says what is wrong and ends with status 1.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height  = 8
	width   = 1 << height
	samples = 50
)

// number gives N in the form of tlog-tiles: x001/x234/067.
func number(n int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	return path
}

// export is a folder; it is a tlog.TileReader that counts what it reads.
type export struct {
	folder string
	reads  int
}

func (e *export) read(kind string, n int64, w int) ([]byte, error) {
	name := filepath.Join(e.folder, "tile", kind, filepath.FromSlash(number(n)))
	if w < width {
		partial, err := os.ReadFile(filepath.Join(name+".p", strconv.Itoa(w)))
		if err == nil || !errors.Is(err, os.ErrNotExist) {
			e.reads++
			return partial, err
		}
	}
	e.reads++
	return os.ReadFile(name)
}

func (e *export) Height() int { return height }

func (e *export) SaveTiles([]tlog.Tile, [][]byte) {}

func (e *export) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		data, err := e.read(strconv.Itoa(t.L), t.N, t.W)
		if err != nil {
			return nil, err
		}
		if len(data) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %d/%d: %d bytes", t.L, t.N, len(data))
		}
		all = append(all, data[:t.W*tlog.HashSize])
	}
	return all, nil
}

// tree is what the checkpoint says, once the signature of the log is checked.
func (e *export) tree() (tlog.Tree, error) {
	var tree tlog.Tree
	vkey, err := os.ReadFile(filepath.Join(e.folder, "vkey"))
	if err != nil {
		return tree, err
	}
	verifier, err := note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return tree, err
	}
	signed, err := os.ReadFile(filepath.Join(e.folder, "checkpoint"))
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tree, errors.New("the checkpoint has another form")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tree, errors.New("the root has another form")
	}
	copy(tree.Hash[:], root)
	return tree, nil
}

// hashes calls each with the record hash of the first n entries, from the tiles.
func (e *export) hashes(n int64, each func(i int64, h tlog.Hash) error) error {
	for i := int64(0); i < n; i++ {
		tile, err := e.read("0", i/width, width)
		if err != nil {
			return err
		}
		var h tlog.Hash
		copy(h[:], tile[i%width*tlog.HashSize:])
		if err := each(i, h); err != nil {
			return err
		}
	}
	return nil
}

// leaves calls each for every entry of the bundles, from first on.
func (e *export) leaves(first, size int64, each func(i int64, leaf []byte) error) error {
	for n := first / width; n*width < size; n++ {
		w := width
		if size-n*width < width {
			w = int(size - n*width)
		}
		bundle, err := e.read("entries", n, w)
		if err != nil {
			return err
		}
		for i := 0; i < w; i++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return fmt.Errorf("bundle %d is cut off", n)
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			if err := each(n*width+int64(i), bundle[2:end]); err != nil {
				return err
			}
			bundle = bundle[end:]
		}
	}
	return nil
}

// stored holds the hashes that leaves give, in the order of tlog.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		out = append(out, s[i])
	}
	return out, nil
}

// check gives the record hashes, once leaves and tiles were found to make the
// root of the checkpoint.
func (e *export) check(tree tlog.Tree, pruned int64) ([]tlog.Hash, error) {
	var hashes stored
	var records []tlog.Hash
	add := func(i int64, h tlog.Hash) error {
		more, err := tlog.StoredHashesForRecordHash(i, h, hashes)
		hashes = append(hashes, more...)
		records = append(records, h)
		return err
	}
	if err := e.hashes(pruned, add); err != nil {
		return nil, err
	}
	err := e.leaves(pruned, tree.N, func(i int64, leaf []byte) error {
		return add(i, tlog.RecordHash(leaf))
	})
	if err != nil {
		return nil, err
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err == nil && root != tree.Hash {
		err = errors.New("the leaves make another root")
	}
	if err != nil {
		return nil, err
	}
	// every hash of every tile, authenticated by the root
	var all []int64
	for i := int64(0); i < int64(len(hashes)); i++ {
		all = append(all, i)
	}
	tiled, err := tlog.TileHashReader(tree, e).ReadHashes(all)
	if err != nil {
		return nil, err
	}
	for i := range tiled {
		if tiled[i] != hashes[i] {
			return nil, errors.New("tiles and leaves differ")
		}
	}
	return records, nil
}

// prove checks that sampled leaves are in the tree; it gives the most reads
// that one of them took.
func (e *export) prove(tree tlog.Tree, records []tlog.Hash) (int, error) {
	most := 0
	for i := 0; i < samples; i++ {
		n := rand.Int63n(tree.N)
		e.reads = 0
		proof, err := tlog.ProveRecord(tree.N, n, tlog.TileHashReader(tree, e))
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, records[n]); err != nil {
			return 0, err
		}
		other := records[n]
		other[0] ^= 1
		if tlog.CheckRecord(proof, tree.N, tree.Hash, n, other) == nil {
			return 0, errors.New("another leaf has the same proof")
		}
		if e.reads > most {
			most = e.reads
		}
	}
	return most, nil
}

func consistent(old, now tlog.Tree, e *export) error {
	if old.N > now.N {
		return errors.New("the earlier export is the longer one")
	}
	proof, err := tlog.ProveTree(now.N, old.N, tlog.TileHashReader(now, e))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, now.N, now.Hash, old.N, old.Hash)
}

func run(pruned int64, args []string) (map[string]int64, error) {
	e := &export{folder: args[0]}
	tree, err := e.tree()
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	records, err := e.check(tree, pruned)
	if err != nil {
		return nil, fmt.Errorf("tree: %w", err)
	}
	reads, err := e.prove(tree, records)
	if err != nil {
		return nil, fmt.Errorf("inclusion: %w", err)
	}
	result := map[string]int64{"size": tree.N, "reads": int64(reads)}
	if len(args) > 1 {
		old, err := (&export{folder: args[1]}).tree()
		if err != nil {
			return nil, fmt.Errorf("earlier checkpoint: %w", err)
		}
		if err := consistent(old, tree, e); err != nil {
			return nil, fmt.Errorf("consistency: %w", err)
		}
		result["earlier"] = old.N
	}
	return result, nil
}

func main() {
	pruned := flag.Int64("pruned", 0, "entries without a leaf")
	flag.Parse()
	if flag.NArg() < 1 || flag.NArg() > 2 {
		fmt.Fprintln(os.Stderr, "usage: exportcheck [-pruned N] EXPORT [EARLIER EXPORT]")
		os.Exit(2)
	}
	result, err := run(*pruned, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "exportcheck:", err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}
