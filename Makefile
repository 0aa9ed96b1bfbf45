# SPDX-License-Identifier: GPL-3.0-or-later
#
# meldkluis: one Makefile for everything.    `make help` lists the targets.
#
#   make                        release programs and library in build/
#   make VARIANT=test           the same with test seams (MK_TEST_BUILD), in build/test
#   make VARIANT=asan           test seams and sanitizers, in build/asan
#   make OUT=/some/folder ...   any variant somewhere else
#
# Sources are found by wildcard; a folder that is still empty is no error.
# Compiler flags and libraries are probed once by .ci/probe into $(OUT)/flags.mk,
# so that reading this file needs neither a compiler nor any library.

VERSION = 0.1.0
SOVERSION = 0
VARIANT ?= release
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
MANDIR ?= $(PREFIX)/share/man
# the same commit gives the same bytes, wherever and whenever it is built
ifndef SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
endif
export SOURCE_DATE_EPOCH

OUT.release = build
OUT.test = build/test
OUT.asan = build/asan
OUT ?= $(OUT.$(VARIANT))
$(if $(OUT.$(VARIANT)),,$(error VARIANT is release, test or asan, not '$(VARIANT)'))

# ---- sources and what becomes of them ---------------------------------------

# Most sources see no seam for tests (MK_TEST_BUILD): a test build takes their objects
# from the release that it stands in, so that they are compiled once.  A source with a
# seam, or with a header that has one, and the tests have objects of their own.
SHARED = $(if $(filter test,$(VARIANT)),$(OUT:%/test=%),$(OUT))
GEN = $(SHARED)/gen
SEAM_HEADERS := $(shell grep -ls '^#ifdef MK_TEST_BUILD' core/*/*.h core/*.h crypto/*.h cmd/*.h cmd/*/*.h)
SEAM_WORDS := $(patsubst %,-e '^.include "%"',$(SEAM_HEADERS)) -e '^.ifdef MK_TEST_BUILD'
SEAMS := $(shell grep -ls $(SEAM_WORDS) core/*/*.c core/*.c crypto/*.c cmd/*.c cmd/*/*.c)
where = $(if $(filter $(SEAMS) tests/%,$(1)),$(OUT),$(SHARED))

obj = $(foreach src,$(wildcard $(1)),$(call where,$(src))/obj/$(src:.c=.o))
bin = $(patsubst %.c,$(OUT)/%,$(wildcard $(1)))

BASE_OBJ := $(call obj,core/base/*.c)
LIB_OBJ := $(call obj,core/base/*.c core/defs/*.c crypto/*.c core/store/*.c core/*.c)
REPORTS_OBJ := $(call obj,reports/*.c reports/sdc/*.c)
# every cmd/meldkluis*.c holds one main; the other files in cmd/ are parts of
# meldkluis, and harden*.c is shared by all programs
CMD_OBJ := $(filter-out $(call obj,cmd/meldkluis*.c),$(call obj,cmd/*.c))
HARDEN_OBJ := $(call obj,cmd/harden*.c)
COMPLAIN_OBJ := $(call obj,cmd/complain.c)
# parts of meldkluis-factsheet
FACTSHEET_OBJ := $(call obj,cmd/factsheet/*.c)
# parts of meldkluis-verify, and all that it shares with what it judges
VERIFY_OBJ := $(call obj,cmd/verify/*.c)
VERIFY_SHARED := $(call obj,crypto/gcrypt.c crypto/hash.c crypto/parts.c crypto/sign.c crypto/secret.c)
# parts of meldkluis-pg, and what it shares with the store: messages, statements, tables
PG_OBJ := $(call obj,cmd/pg/*.c)
PG_SHARED := $(call obj,core/store/wire.c core/store/queries.c core/store/migrate_texts.c \
	crypto/gcrypt.c crypto/hash.c crypto/parts.c)
MAINS := $(wildcard cmd/meldkluis.c cmd/meldkluis-factsheet.c cmd/meldkluis-verify.c cmd/meldkluis-pg.c)
PROGRAMS := $(MAINS:cmd/%.c=$(OUT)/%)

LIB_A := $(if $(LIB_OBJ),$(OUT)/libmeldkluis.a)
LIB_SO := $(if $(LIB_OBJ),$(OUT)/libmeldkluis.so.$(SOVERSION))
# what a test may link besides the library: parts of the programs
PARTS_OBJ := $(strip $(CMD_OBJ) $(REPORTS_OBJ) $(VERIFY_OBJ) $(PG_OBJ) $(call obj,tests/support/*.c))
PARTS_A := $(if $(PARTS_OBJ),$(OUT)/libparts.a)

UNIT := $(call bin,tests/unit/check_*.c)
FUZZ := $(call bin,tests/fuzz/fuzz_*.c)
BENCH := $(call bin,tests/bench/bench_*.c)
FAULTS := $(call bin,tests/faults/fault_*.c)
TOOLS := $(call bin,tests/tools/*.c)
PRELOAD := $(patsubst %.c,$(OUT)/%.so,$(wildcard tests/faults/preload_*.c))

# ---- flags ------------------------------------------------------------------

# targets that compile nothing themselves need no flags
NO_FLAGS = help clean setup setup-check demo check check-% fuzz bench lint format map po deb
ifneq ($(filter-out $(NO_FLAGS),$(or $(MAKECMDGOALS),all)),)
include $(OUT)/flags.mk
endif

# the seams for tests (weak passphrases, set clock) never reach a program in use
CFLAGS.release =
CFLAGS.test = -DMK_TEST_BUILD
CFLAGS.asan = -DMK_TEST_BUILD
ifneq ($(findstring MK_TEST_BUILD,$(CFLAGS) $(CPPFLAGS)),)
$(error MK_TEST_BUILD is set by VARIANT=test only)
endif
ifneq ($(filter install,$(MAKECMDGOALS)),)
$(if $(filter release,$(VARIANT)),,$(error only VARIANT=release is installed))
endif

CFLAGS ?= -O2 -g
# what may be uninitialised is a guess that changes with each compiler version
AS_ERRORS = -Werror -Wno-error=maybe-uninitialized
MK_CFLAGS = -std=c11 -D_GNU_SOURCE -DMK_VERSION='"$(VERSION)"' -I. $(PROBED_CFLAGS) \
	-ffile-prefix-map=$(CURDIR)=. $(if $(WERROR),$(AS_ERRORS))
COMPILE_AS = $(CC) $(MK_CFLAGS) $(CFLAGS.$(1)) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) $(PROBED_CFLAGS) $(CFLAGS) $(PROBED_LDFLAGS)

LIB_LIBS = $(LIBS_sqlcipher) $(LIBS_libsodium) $(LIBS_libgcrypt) $(LIBS_libgfshare) \
	$(LIBS_libutf8proc) $(LIBS_libseccomp)
CMD_LIBS = $(LIB_LIBS)
VERIFY_LIBS = $(LIBS_libsodium) $(LIBS_libgcrypt) $(LIBS_libutf8proc) $(LIBS_libseccomp)
PG_LIBS = $(LIBS_libpq) $(LIBS_libsodium) $(LIBS_libgcrypt) $(LIBS_libseccomp)
FACTSHEET_LIBS = $(LIBS_jansson) $(LIBS_glpk) $(LIBS_libseccomp) -lm
TEST_LIBS = $(LIBS_check) $(LIBS_jansson) $(LIBS_glpk) $(CMD_LIBS) $(LIBS_libpq) -lm

# V=1 shows the whole commands
say = $(if $(V),,@printf '  %-4s %s\n' $(1) $@;)

# ---- the build --------------------------------------------------------------

.PHONY: all tests unit demo check check-long check-pg check-asan fuzz bench lint format map po \
	setup setup-check install deb clean help FORCE
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

all: $(PROGRAMS) $(LIB_A) $(LIB_SO) $(if $(LIB_SO),$(OUT)/libmeldkluis.pc)

tests: all $(UNIT) $(FUZZ) $(BENCH) $(FAULTS) $(TOOLS) $(PRELOAD)
unit: $(UNIT)

$(OUT)/flags.mk: Makefile .ci/probe
	@mkdir -p $(@D)
	@.ci/probe $(VARIANT) $(CC) > $@.new && mv $@.new $@

# lines of a text as lines of a string in C
AS_STRING = sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/'

# the SQL of the schema becomes text in the program, in order of the file names
SCHEMA := $(sort $(wildcard core/store/schema/[0-9]*.sql))
$(GEN)/schema_texts.h: $(SCHEMA) Makefile
	@mkdir -p $(@D)
	$(call say,GEN)for f in $(SCHEMA); do echo "MK_SCHEMA(\"$$(basename $$f .sql)\","; \
		$(AS_STRING) $$f; echo ')'; done > $@
$(SHARED)/obj/core/store/migrate_texts.o: $(GEN)/schema_texts.h
$(SHARED)/obj/core/store/migrate_texts.o: EXTRA_CFLAGS = -I$(GEN)
# so does what each role may, in the program that speaks to a server
$(GEN)/grants_sql.h: core/store/schema/grants.sql Makefile
	@mkdir -p $(@D)
	$(call say,GEN){ echo 'static const char $(basename $(@F))[] ='; $(AS_STRING) $<; echo ';'; } > $@
$(SHARED)/obj/cmd/pg/schema.o: $(GEN)/grants_sql.h
# which alone can see the header of its library
$(SHARED)/obj/cmd/pg/%.o: EXTRA_CFLAGS = $(CFLAGS_libpq) -I$(GEN)

# the texts of the factsheet in its languages (reports/say.h) become bytes in the program
$(GEN)/catalogue_%.inc: reports/po/%.po
	@mkdir -p $(@D)
	@command -v msgfmt >/dev/null || { echo "meldkluis: msgfmt is missing; run .ci/setup, it installs gettext" >&2; exit 1; }
	$(call say,GEN)msgfmt --check-format --check-domain --endianness=little --no-hash -o $(@:.inc=.mo) $< && \
		od -An -v -tu1 $(@:.inc=.mo) | sed -e 's/ *\([0-9][0-9]*\)/\1,/g' > $@
$(SHARED)/obj/reports/say.o: $(GEN)/catalogue_nl.inc $(GEN)/catalogue_en.inc
$(SHARED)/obj/reports/say.o: EXTRA_CFLAGS = -I$(GEN)

# so do the style of the factsheet's page, and what makes a PDF of it
$(GEN)/factsheet_css.h: reports/factsheet.css Makefile
$(GEN)/pdf_py.h: cmd/factsheet/pdf.py Makefile
$(GEN)/factsheet_css.h $(GEN)/pdf_py.h:
	@mkdir -p $(@D)
	$(call say,GEN){ echo 'static const char $(basename $(@F))[] ='; \
		sed -e '/^\/\*.*\*\/$$/d' $< | $(AS_STRING); echo ';'; } > $@
$(SHARED)/obj/reports/html_head.o: $(GEN)/factsheet_css.h
$(SHARED)/obj/cmd/factsheet/pdf.o: $(GEN)/pdf_py.h
$(SHARED)/obj/reports/html_head.o $(SHARED)/obj/cmd/factsheet/pdf.o: EXTRA_CFLAGS = -I$(GEN)

# only the driver and the tests can see the database header
$(SHARED)/obj/core/store/driver_sqlcipher%: EXTRA_CFLAGS = $(CFLAGS_sqlcipher)
$(OUT)/obj/tests/%: EXTRA_CFLAGS = $(CFLAGS_sqlcipher) $(CFLAGS_check) $(CFLAGS_libpq)
# what a test asks for need not be quick
$(OUT)/obj/tests/unit/%: EXTRA_CFLAGS += $(if $(filter -O2,$(CFLAGS)),-O1)

# objects are made again when the command line that makes them changes
define COMPARED
@mkdir -p $(@D)
@printf '%s\n' '$(subst ','\'',$(COMPILE))' | cmp -s - $@ || \
	printf '%s\n' '$(subst ','\'',$(COMPILE))' > $@
endef
define COMPILED
@mkdir -p $(@D)
$(call say,CC)$(COMPILE) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<
endef
$(OUT)/%: COMPILE = $(call COMPILE_AS,$(VARIANT))
$(OUT)/command.txt: FORCE
	$(COMPARED)
$(OUT)/obj/%.o: %.c $(OUT)/command.txt
	$(COMPILED)
ifneq ($(SHARED),$(OUT))
$(SHARED)/obj/% $(SHARED)/command.txt: COMPILE = $(call COMPILE_AS,release)
$(SHARED)/command.txt: FORCE
	$(COMPARED)
$(SHARED)/obj/%.o: %.c $(SHARED)/command.txt
	$(COMPILED)
endif

$(OUT)/libmeldkluis.a: $(LIB_OBJ)
$(OUT)/libparts.a: $(PARTS_OBJ)
%.a:
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

$(LIB_SO): $(LIB_OBJ) core/libmeldkluis.map
	$(call say,LINK)$(LINK) -shared -Wl,-soname,$(@F) -Wl,--version-script=core/libmeldkluis.map \
		-o $@ $(LIB_OBJ) $(LIB_LIBS)

$(OUT)/libmeldkluis.pc: core/libmeldkluis.pc.in FORCE
	@sed -e 's|@VERSION@|$(VERSION)|' -e 's|@PREFIX@|$(PREFIX)|' \
		-e 's|@LIBDIR@|$(LIBDIR)|' $< > $@

$(OUT)/meldkluis: $(call obj,cmd/meldkluis.c) $(CMD_OBJ) $(LIB_A)
	$(call say,LINK)$(LINK) $(PROBED_PIE) -o $@ $^ $(CMD_LIBS)

# the publication gate: no key, no store, no dossier code in this process
$(OUT)/meldkluis-factsheet: $(call obj,cmd/meldkluis-factsheet.c) $(FACTSHEET_OBJ) $(HARDEN_OBJ) $(COMPLAIN_OBJ) $(REPORTS_OBJ) $(BASE_OBJ)
	$(call say,LINK)$(LINK) $(PROBED_PIE) -o $@ $^ $(FACTSHEET_LIBS)

# no store, no keyring, no writer of the log in this process
$(OUT)/meldkluis-verify: $(call obj,cmd/meldkluis-verify.c) $(VERIFY_OBJ) $(HARDEN_OBJ) $(COMPLAIN_OBJ) $(call obj,cmd/env.c) $(VERIFY_SHARED) $(BASE_OBJ)
	$(call say,LINK)$(LINK) $(PROBED_PIE) -o $@ $^ $(VERIFY_LIBS)

# speaks to PostgreSQL: runs the statements of the store by number, holds no key
$(OUT)/meldkluis-pg: $(call obj,cmd/meldkluis-pg.c) $(PG_OBJ) $(HARDEN_OBJ) $(COMPLAIN_OBJ) $(call obj,cmd/env.c) $(PG_SHARED) $(BASE_OBJ)
	$(call say,LINK)$(LINK) $(PROBED_PIE) -o $@ $^ $(PG_LIBS)

$(FUZZ): $(call obj,tests/fuzz/main.c)
$(BENCH): $(call obj,tests/bench/bench.c tests/bench/kit.c tests/bench/tape.c)
$(UNIT) $(FUZZ) $(BENCH) $(FAULTS) $(TOOLS): $(OUT)/%: $(OUT)/obj/%.o $(PARTS_A) $(LIB_A)
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) $(PROBED_PIE) -o $@ $(filter %.o,$^) $(PARTS_A) $(LIB_A) $(TEST_LIBS)

$(PRELOAD): $(OUT)/%.so: $(OUT)/obj/%.o
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -shared -o $@ $< -ldl

DEPENDENCIES = $(wildcard $(sort $(OUT)/obj $(SHARED)/obj))
ifneq ($(DEPENDENCIES),)
-include $(shell find $(DEPENDENCIES) -name '*.d')
endif

# ---- what people call -------------------------------------------------------

# a make of its own for each variant, with all processors unless -j says otherwise
BUILD = +@$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
BUILD_TEST = $(BUILD) VARIANT=test OUT=$(OUT)/test
BUILD_ASAN = $(BUILD) VARIANT=asan OUT=$(OUT)/asan

setup:
	@.ci/setup
setup-check:
	@.ci/setup check

demo: setup
	$(BUILD) all
	@tests/demo/demo.sh

# readers of data and a driver of the browser, for the tests
NODE_DONE = tests/node/node_modules/.package-lock.json
$(NODE_DONE): tests/node/package-lock.json tests/node/package.json | setup-check
	cd tests/node && npm ci --no-progress --loglevel=error
	@touch $@

check: setup-check $(NODE_DONE)
	$(BUILD) all
	$(BUILD_TEST) tests
	@MK_RELEASE=$(OUT) tests/run $(OUT)/test

check-long: setup-check $(NODE_DONE)
	$(BUILD) all
	$(BUILD_TEST) tests
	@MK_LONG=1 MK_RELEASE=$(OUT) tests/run $(OUT)/test
	@MK_LONG=1 MK_RELEASE=$(OUT) tests/run --on server $(OUT)/test

# the vault on servers of PostgreSQL, which the tests start and stop; MK_LONG=1 adds the slow ones
check-pg: setup-check $(NODE_DONE)
	$(BUILD) all
	$(BUILD_TEST) tests
	@MK_RELEASE=$(OUT) tests/run --on server $(OUT)/test

check-asan: setup-check $(NODE_DONE)
	$(BUILD) all
	$(BUILD_ASAN) tests
	@MK_RELEASE=$(OUT) tests/run $(OUT)/asan

fuzz: setup-check
	$(BUILD_ASAN) tests
	@tests/fuzz/run $(OUT)/asan

bench: setup-check
	$(BUILD) tests
	$(BUILD_TEST) tests
	@tests/bench/run $(OUT)

lint:
	@.ci/lint

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

map:
	.ci/lint-map --write

po:
	.ci/catalogues --write

# headers that a program sees when it includes core/meldkluis.h, with their folders
HEADERS = $(shell .ci/lint-map --headers)
HEADER_DIR = $(DESTDIR)$(PREFIX)/include/meldkluis
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(MANDIR)/man1
	$(if $(PROGRAMS),install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin)
	install -m 644 $(LIB_SO) $(LIB_A) $(DESTDIR)$(LIBDIR)
	ln -sf $(notdir $(LIB_SO)) $(DESTDIR)$(LIBDIR)/libmeldkluis.so
	install -m 644 $(OUT)/libmeldkluis.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	for h in $(HEADERS); do install -D -m 644 $$h $(HEADER_DIR)/$$h || exit 1; done
	$(if $(wildcard docs/*.1),install -m 644 $(wildcard docs/*.1) $(DESTDIR)$(MANDIR)/man1)

# Debian packages of the last commit, in $(OUT)/deb
deb:
	@command -v dh >/dev/null || { echo "meldkluis: make deb needs debhelper; install it with apt-get" >&2; exit 1; }
	rm -rf $(OUT)/deb && mkdir -p $(OUT)/deb
	git archive --prefix=meldkluis-$(VERSION)/ HEAD | tar -x -C $(OUT)/deb
	cd $(OUT)/deb/meldkluis-$(VERSION) && dpkg-buildpackage -b -us -uc

clean:
	rm -rf $(OUT)

help:
	@printf '%s\n' \
	'make             programs and library in $(OUT)/' \
	'make demo        set up the machine, build, and show a vault at work' \
	'make check       set up, build, run all tests; check-long adds the slow ones' \
	'make check-pg    the tests of a vault on servers of PostgreSQL' \
	'make check-asan  the tests with address and undefined-behaviour sanitizers' \
	'make fuzz        the parsers on hostile input' \
	'make bench       measured ratios' \
	'make lint        layers, banned functions, formatting, scripts' \
	'make format      let clang-format decide' \
	'make map         derive core/libmeldkluis.map from core/meldkluis.h' \
	'make po          take the texts of reports/ into the catalogues reports/po/' \
	'make install     into DESTDIR and PREFIX ($(PREFIX))' \
	'make deb         Debian packages in $(OUT)/deb/' \
	'make clean       remove $(OUT)/' \
	'Variables: V=1 VARIANT=release|test|asan OUT=folder WERROR=1 PREFIX= DESTDIR= CC= CFLAGS='
