# rebut -- build, test, measure.  `make help` lists what there is to make.
#
# One build tree a flavour: build/ is the release, build-asan/ and so on lie beside it.
# Non-recursive; every object has its dependencies from the compiler, and everything is
# made anew when compiler, flags or the list of files change.

MAKEFLAGS += --no-print-directory
FLAVOUR ?= release
PREFIX  ?= /usr/local
VERSION := 0.1.0
SONAME  := librebut.so.0

BUILD := $(if $(filter release,$(FLAVOUR)),build,build-$(FLAVOUR))

# The rooms, lowest first: a room may use those before it (tests/lint.sh checks the
# includes; the unit tests of a room link only it and what is below it).
ROOMS := core models event source sink http store stream state live score scorer report evidence review simulate nightly server
DIR_models := models

# The Debian libraries that a room may use, beside those of the rooms below it.
USES_core   := libxxhash libutf8proc
USES_models := gsl
USES_event  :=
USES_source := libzstd zlib jansson
USES_http := libmicrohttpd gnutls
USES_store  := libpq libsodium
USES_stream := rdkafka
USES_state  :=
USES_score  := libsodium
USES_report := cairo pangocairo
USES_evidence := libsodium jansson xlsxwriter
PACKAGES := $(foreach room,$(ROOMS),$(USES_$(room)))

ifeq ($(origin CC),default)
CC := gcc
endif
ifneq ($(filter clang fuzz,$(FLAVOUR)),)
override CC := clang
endif
PKG_CONFIG ?= pkg-config
FUZZ_SECONDS ?= 60

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 \
            -Wdouble-promotion -Wimplicit-fallthrough -Wnull-dereference \
            $(if $(CI),-Werror)
# clang takes NAN, a float that is one in double too, for a promotion; gcc tells them apart.
ifeq ($(FLAVOUR),clang)
WARNINGS += -Wno-double-promotion
endif
# Sanitizers and -O0 make gcc warn of what is not so; the releases have warned already.
ifeq ($(filter release clang,$(FLAVOUR)),)
WARNINGS := -w
endif
# The same bytes from gcc and clang: no contraction into FMA, never -ffast-math.
NUMBERS  := -ffp-contract=off -fno-math-errno
DEFINES  := -D_GNU_SOURCE -DREBUT_VERSION='"$(VERSION)"' -Iinclude
COMMON   := -std=c17 -g -fPIC -fno-semantic-interposition $(WARNINGS) $(NUMBERS) -MMD -MP

SANITIZE := -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all
FLAGS_release := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
                 $(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
LINK_release  := -Wl,-z,relro,-z,now,-z,noexecstack
FLAGS_clang   := $(FLAGS_release)
LINK_clang    := $(LINK_release)
FLAGS_asan    := $(SANITIZE) -fsanitize=address,undefined
LINK_asan     := -fsanitize=address,undefined
FLAGS_tsan    := $(SANITIZE) -fsanitize=thread
LINK_tsan     := -fsanitize=thread
FLAGS_cov     := -O0 --coverage
LINK_cov      := --coverage
FLAGS_fuzz    := $(SANITIZE) -fsanitize=fuzzer-no-link,address,undefined
LINK_fuzz     := -fsanitize=fuzzer,address,undefined

cflags_of = $(if $(1),$(shell $(PKG_CONFIG) --cflags $(1)))
libs_of   = $(if $(1),$(shell $(PKG_CONFIG) --libs $(1))) -lm
COMPILE := $(CC) $(DEFINES) $(call cflags_of,$(PACKAGES)) $(COMMON) $(FLAGS_$(FLAVOUR)) \
           $(CPPFLAGS) $(CFLAGS)
# A night's image is of one build: the linker numbers them.
LINK    := $(CC) -Wl,--build-id=sha1 $(LINK_$(FLAVOUR)) $(LDFLAGS)
LIBS    := $(call libs_of,$(PACKAGES))

# `make V=1` shows the commands whole.
quiet := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)')

room_dir     = $(or $(DIR_$(1)),engine/$(1))
objects_of   = $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard $(1))))
room_objects = $(call objects_of,$(call room_dir,$(1))/*.c) $(MADE_$(1))

# The statements and migrations, compiled into the room of the store.
SQL_FILES  := $(sort $(wildcard sql/queries/*.sql sql/migrations/*.sql))
MADE_store := $(BUILD)/obj/made/sql.o
# The forms of platforms, compiled into the room of evidence.
FORM_FILES := $(sort $(wildcard engine/evidence/forms/*.json))
MADE_evidence := $(BUILD)/obj/made/forms.o
# The reviewers' console, compiled into the room of the server.
CONSOLE_FILES := $(sort $(wildcard console/*.html console/*.css console/*.svg console/*.js \
                 console/vendor/*.css console/vendor/*.js))
MADE_server := $(BUILD)/obj/made/console.o

LIBRARY_OBJECTS := $(foreach room,$(ROOMS),$(call room_objects,$(room)))
PROGRAM_OBJECTS := $(call objects_of,engine/cmd/*.c)
SUPPORT_OBJECTS := $(call objects_of,tests/support/*.c)

all: $(BUILD)/rebut $(BUILD)/librebut.a $(BUILD)/librebut.so ## the program, the library static and shared

help: ## this list
	@echo 'make [TARGET] [FLAVOUR=release|clang|asan|tsan|cov] [CI=1: warnings are errors] [V=1]'
	@echo
	@sed -nE 's/^([a-z]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 14

# Two files, each rewritten, and so newer than what depends on it, when its words change.
SETTINGS := $(COMPILE) | $(LINK) | $(LIBS)
MEMBERS  := $(LIBRARY_OBJECTS) $(PROGRAM_OBJECTS) $(SUPPORT_OBJECTS) $(SQL_FILES) \
            $(FORM_FILES) $(CONSOLE_FILES)
remember = @$(shell mkdir -p $(@D))$(if $(subst x$(1),,x$(file <$@)),$(file >$@,$(1))):
$(BUILD)/settings: force
	$(call remember,$(SETTINGS))
$(BUILD)/members: force
	$(call remember,$(MEMBERS))

$(BUILD)/obj/%.o: %.c $(BUILD)/settings
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(quiet)$(COMPILE) -c $< -o $@

$(BUILD)/made/sql.c: sql/compile.sh $(SQL_FILES) $(BUILD)/members
	@mkdir -p $(@D)
	$(call say,SQL,$@)
	$(quiet)sql/compile.sh $(SQL_FILES) > $@

$(BUILD)/made/forms.c: engine/evidence/forms/compile.sh $(FORM_FILES) $(BUILD)/members
	@mkdir -p $(@D)
	$(call say,FORM,$@)
	$(quiet)engine/evidence/forms/compile.sh $(FORM_FILES) > $@

$(BUILD)/made/console.c: console/compile.sh $(CONSOLE_FILES) $(BUILD)/members
	@mkdir -p $(@D)
	$(call say,PAGE,$@)
	$(quiet)console/compile.sh $(CONSOLE_FILES) > $@

$(BUILD)/obj/made/%.o: $(BUILD)/made/%.c $(BUILD)/settings
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(quiet)$(COMPILE) -c $< -o $@

$(BUILD)/obj/tests/%.o: tests/%.c $(BUILD)/settings
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(quiet)$(COMPILE) -Itests/support -c $< -o $@

# A room's objects, and nothing else, as an archive: what the unit tests link.
define archive
@mkdir -p $(@D)
@rm -f $@
$(call say,AR,$@)
$(quiet)ar rcs $@ $(filter %.o,$^)
endef

define room_archive
$(BUILD)/rooms/lib$(1).a: $(call room_objects,$(1)) $(BUILD)/members
	$$(archive)
endef
$(foreach room,$(ROOMS),$(eval $(call room_archive,$(room))))

$(BUILD)/rooms/libsupport.a: $(SUPPORT_OBJECTS) $(BUILD)/members
	$(archive)

$(BUILD)/librebut.a: $(LIBRARY_OBJECTS) $(BUILD)/members
	$(archive)

# What a room shares within itself alone does not leave the shared library.
$(BUILD)/exports: Makefile
	@mkdir -p $(@D)
	@echo '{ global: rebut_*; local: *; };' > $@

$(BUILD)/librebut.so: $(LIBRARY_OBJECTS) $(BUILD)/members $(BUILD)/exports
	$(call say,LINK,$@)
	$(quiet)$(LINK) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=$(BUILD)/exports \
	    -o $@ $(filter %.o,$^) $(LIBS)

$(BUILD)/rebut: $(PROGRAM_OBJECTS) $(BUILD)/librebut.a $(BUILD)/members
	$(call say,LINK,$@)
	$(quiet)$(LINK) -pie -o $@ $(filter %.o %.a,$^) $(LIBS)

# Unit tests: tests/unit/ROOM/test_x.c links ROOM, the rooms below it and the libraries
# that these may use, no more.
UNIT_TESTS := $(patsubst tests/%.c,%,$(sort $(wildcard tests/unit/*/test_*.c)))
up_to   = $(if $(2),$(firstword $(2)) $(if $(filter $(1),$(firstword $(2))),,$(call up_to,$(1),$(wordlist 2,99,$(2)))))
reverse = $(if $(1),$(call reverse,$(wordlist 2,99,$(1))) $(firstword $(1)))
room_of = $(patsubst unit/%/,%,$(dir $(1)))
define unit_test
$(BUILD)/tests/$(1): $(BUILD)/obj/tests/$(1).o $(BUILD)/rooms/libsupport.a \
    $(patsubst %,$(BUILD)/rooms/lib%.a,$(call reverse,$(2)))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(quiet)$$(LINK) -pie -o $$@ $$^ -lcmocka $(call libs_of,$(foreach room,$(2),$(USES_$(room))))
endef
$(foreach test,$(UNIT_TESTS),$(eval $(call unit_test,$(test),$(call up_to,$(call room_of,$(test)),$(ROOMS)))))

# Fuzz targets: tests/fuzz/fuzz_x.c, fed from tests/fuzz/corpus/x by replay.c in every
# `make test`, and by libFuzzer in `make fuzz`.
FUZZ_TESTS := $(patsubst tests/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
REPLAY := $(if $(filter fuzz,$(FLAVOUR)),,$(BUILD)/obj/tests/fuzz/replay.o)
$(FUZZ_TESTS:%=$(BUILD)/tests/%): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(REPLAY) $(BUILD)/librebut.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(quiet)$(LINK) -pie -o $@ $^ $(LIBS)

# Programs that tests of other kinds run: tests/programs/x.c, linked with everything.
OTHER_PROGRAMS := $(patsubst tests/%.c,%,$(sort $(wildcard tests/programs/*.c)))
$(OTHER_PROGRAMS:%=$(BUILD)/tests/%): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(BUILD)/rooms/libsupport.a $(BUILD)/librebut.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(quiet)$(LINK) -pie -o $@ $^ $(LIBS)

TEST_PROGRAMS := $(addprefix $(BUILD)/tests/,$(UNIT_TESTS) $(FUZZ_TESTS) $(OTHER_PROGRAMS))
programs: $(TEST_PROGRAMS)

test: all programs ## unit tests, command line tests, fuzz corpora replayed
	@tests/run.sh $(BUILD)

lint: ## format, banned calls, room rules, lengths, headers alone, shell syntax
	@ROOMS='$(ROOMS)' tests/lint.sh
	@CC='$(CC)' tests/headers.sh

asan: ## test with address and undefined behaviour sanitizers
	@$(MAKE) FLAVOUR=asan test

tsan: ## test with the thread sanitizer
	@$(MAKE) FLAVOUR=tsan test

coverage: ## test, then lines and branches covered, a row a room
	@$(MAKE) FLAVOUR=cov all programs
	@find build-cov -name '*.gcda' -delete
	@tests/run.sh build-cov
	@ROOMS='$(ROOMS)' tests/coverage.sh build-cov

fuzz: ## each fuzz target for FUZZ_SECONDS=60 with clang's libFuzzer
	@$(MAKE) FLAVOUR=fuzz fuzzers

# New inputs go to build-fuzz/corpus; one that kills a target to build-fuzz/x-crash-*,
# from where it belongs into tests/fuzz/corpus/x together with the fix.
fuzzers: $(FUZZ_TESTS:%=$(BUILD)/tests/%)
	@for target in $(FUZZ_TESTS:fuzz/fuzz_%=%); do \
	    echo "== fuzz $$target for $(FUZZ_SECONDS) s"; \
	    mkdir -p $(BUILD)/corpus/$$target; \
	    $(BUILD)/tests/fuzz/fuzz_$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
	        -verbosity=0 -print_final_stats=1 -artifact_prefix=$(BUILD)/$$target- \
	        $(BUILD)/corpus/$$target tests/fuzz/corpus/$$target || exit 1; \
	done

bench: all ## speed, and quality of detection: benchmarks/run.sh
	@benchmarks/run.sh $(BUILD)

golden: all ## rewrite tests/cli/golden; read the diff before you commit it
	@REBUT_GOLDEN=write tests/run.sh $(BUILD) \
	    $$(grep -l '^ *expect_golden ' $(filter-out %lib.sh,$(wildcard tests/cli/*.sh tests/db/*.sh)))
	@echo 'now read: git diff tests/cli/golden'

# libpq's own .pc names static libraries that no program needs: it is linked by name.
# Folders of the installed tree; DESTDIR goes in front of each.
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR    ?= $(PREFIX)/share
UNITDIR    ?= $(PREFIX)/lib/systemd/system
PC_LINES = 'prefix=$(PREFIX)' 'libdir=$(LIBDIR)' 'includedir=$(INCLUDEDIR)' '' 'Name: rebut' \
    'Description: whose fault was this refund without return?' 'Version: $(VERSION)' \
    'Requires.private: $(filter-out libpq,$(PACKAGES))' 'Libs: -L$${libdir} -lrebut' \
    'Libs.private: -lpq -lm' \
    'Cflags: -I$${includedir}'
MAPS := $(sort $(wildcard engine/source/maps/*.json))
MAN1 := $(sort $(wildcard docs/*.1))

install: all ## program, library, headers, maps: DESTDIR= PREFIX=/usr/local
	@$(MAKE) installed

installed:
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)/rebut
	install -m 755 $(BUILD)/rebut $(DESTDIR)$(BINDIR)/rebut
	install -m 644 $(BUILD)/librebut.a $(DESTDIR)$(LIBDIR)/librebut.a
	install -m 644 $(BUILD)/librebut.so $(DESTDIR)$(LIBDIR)/librebut.so.$(VERSION)
	ln -sf librebut.so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/librebut.so
	install -m 644 include/rebut/*.h $(DESTDIR)$(INCLUDEDIR)/rebut
	printf '%s\n' $(PC_LINES) > $(DESTDIR)$(LIBDIR)/pkgconfig/rebut.pc
	install -d $(DESTDIR)$(UNITDIR)
	for unit in rebut-nightly rebut-night; do \
	    sed 's|@BINDIR@|$(BINDIR)|' engine/nightly/systemd/$$unit.service > $(DESTDIR)$(UNITDIR)/$$unit.service && \
	    install -m 644 engine/nightly/systemd/$$unit.timer $(DESTDIR)$(UNITDIR) || exit 1; \
	done
	install -d $(DESTDIR)$(DATADIR)/rebut/maps
	$(if $(MAPS),install -m 644 $(MAPS) $(DESTDIR)$(DATADIR)/rebut/maps)
	$(if $(MAN1),install -d $(DESTDIR)$(DATADIR)/man/man1)
	$(if $(MAN1),install -m 644 $(MAN1) $(DESTDIR)$(DATADIR)/man/man1)

clean: ## remove every build tree
	rm -rf build build-clang build-asan build-tsan build-cov build-fuzz

.PHONY: all help programs test lint asan tsan coverage fuzz fuzzers bench golden install installed clean force
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
