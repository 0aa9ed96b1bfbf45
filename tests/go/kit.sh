# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The Go program that checks an export, built for the test that includes this.
exportcheck=$MK_TMP/exportcheck

# without the network: what the package of the system brought is all there is
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$MK_TMP/gocache GOFLAGS='' GOPROXY=off \
    go build -o "$exportcheck" "$MK_SRC/tests/go/exportcheck.go" 2>"$MK_TMP/go.log" ||
    echo "not ok - the Go program is built: $(tr '\n' '|' <"$MK_TMP/go.log")"
