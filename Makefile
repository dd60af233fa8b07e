# rebut -- build, test, measure.  `make help` lists what there is to make.
#
# One build tree a flavour: build/ (release), build-asan/, build-tsan/, build-cov/.
# Non-recursive; every object has its dependencies from the compiler.

FLAVOUR ?= release
PREFIX  ?= /usr/local
VERSION := 0.1.0

ifeq ($(FLAVOUR),release)
  BUILD := build
else
  BUILD := build-$(FLAVOUR)
endif

CC ?= cc
PKG_CONFIG ?= pkg-config
PACKAGES := gsl jansson libzstd zlib libxxhash libutf8proc cairo pangocairo

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 \
            -Wdouble-promotion -Wimplicit-fallthrough -Wnull-dereference
# The same bytes from gcc and clang: no contraction into FMA, never -ffast-math.
NUMBERS  := -ffp-contract=off -fno-math-errno
CI_WERROR := $(if $(CI),-Werror)
CPPFLAGS += -D_GNU_SOURCE -DREBUT_VERSION='"$(VERSION)"' -Iinclude \
            $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
COMMON   := -std=c17 -g -fPIC -fvisibility=default $(WARNINGS) $(NUMBERS) $(CI_WERROR) -MMD -MP

FLAGS_release := -O2 -fstack-protector-strong -fstack-clash-protection -fcf-protection \
                 -D_FORTIFY_SOURCE=2
LINK_release  := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack
FLAGS_asan    := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LINK_asan     := -fsanitize=address,undefined
FLAGS_tsan    := -O1 -fno-omit-frame-pointer -fsanitize=thread
LINK_tsan     := -fsanitize=thread
FLAGS_cov     := -O0 --coverage
LINK_cov      := --coverage
CFLAGS  += $(COMMON) $(FLAGS_$(FLAVOUR))
LDFLAGS += $(LINK_$(FLAVOUR))
LIBS    := $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lm

# The rooms, lowest first: a room may use those before it (tests/lint.sh checks the
# includes; the unit tests of a room link only it and what is below it).
ROOMS := core models event source sink state score report simulate
DIR_models := models
room_dir = $(or $(DIR_$(1)),engine/$(1))
room_objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard $(call room_dir,$(1))/*.c)))

LIBRARY_OBJECTS := $(foreach room,$(ROOMS),$(call room_objects,$(room)))
PROGRAM_OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard engine/cmd/*.c)))

all: $(BUILD)/rebut $(BUILD)/librebut.a $(BUILD)/librebut.so $(BUILD)/rebut.pc ## the program and the library

help: ## this list
	@echo 'make [target] [FLAVOUR=release|asan|tsan|cov] [CC=gcc|clang] [CI=1 for -Werror]'
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /  \1\t/' | expand -t 14

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

define room_archive
$(BUILD)/rooms/lib$(1).a: $(call room_objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	ar rcs $$@ $$^
endef
$(foreach room,$(ROOMS),$(eval $(call room_archive,$(room))))

$(BUILD)/librebut.a: $(LIBRARY_OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/librebut.so: $(LIBRARY_OBJECTS)
	$(CC) $(filter-out -pie,$(LDFLAGS)) -shared -Wl,-soname,librebut.so.0 -o $@ $^ $(LIBS)

$(BUILD)/rebut: $(PROGRAM_OBJECTS) $(BUILD)/librebut.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/rebut.pc: Makefile
	@mkdir -p $(@D)
	@printf 'prefix=%s\nlibdir=$${prefix}/lib\nincludedir=$${prefix}/include\n\nName: rebut\nDescription: whose fault was this refund without return?\nVersion: %s\nRequires.private: %s\nLibs: -L$${libdir} -lrebut\nLibs.private: -lm\nCflags: -I$${includedir}\n' \
	    '$(PREFIX)' '$(VERSION)' '$(PACKAGES)' > $@

# Unit tests: tests/unit/ROOM/test_x.c links ROOM and the rooms below it, no more.
TEST_SOURCES := $(sort $(wildcard tests/unit/*/test_*.c))
TEST_PROGRAMS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(TEST_SOURCES))
below = $(if $(filter $(1),$(firstword $(2))),$(firstword $(2)),$(firstword $(2)) $(call below,$(1),$(wordlist 2,99,$(2))))
reverse = $(if $(1),$(call reverse,$(wordlist 2,99,$(1))) $(firstword $(1)))
define unit_test
$(BUILD)/tests/$(1): tests/unit/$(1).c $(foreach room,$(call below,$(patsubst %/,%,$(dir $(1))),$(ROOMS)),$(BUILD)/rooms/lib$(room).a)
	@mkdir -p $$(@D)
	$(CC) $(CPPFLAGS) -Itests/support $(CFLAGS) $(LDFLAGS) -o $$@ $$< \
	    $(foreach room,$(call reverse,$(call below,$(patsubst %/,%,$(dir $(1))),$(ROOMS))),$(BUILD)/rooms/lib$(room).a) $(LIBS) -lcmocka
endef
$(foreach test,$(patsubst tests/unit/%.c,%,$(TEST_SOURCES)),$(eval $(call unit_test,$(test))))

test: all $(TEST_PROGRAMS) ## unit tests, command line tests, fuzz corpora replayed
	@tests/run.sh $(BUILD)

clean: ## remove every build tree
	rm -rf build build-asan build-tsan build-cov build-fuzz

.PHONY: all help test lint asan tsan coverage fuzz bench golden install clean
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
