# mngrade - a Mininet test harness and lab-grading toolkit
#
# Two commands are enough for a newcomer:
#
#     make demo     install what is missing, build, grade two submissions
#     make test     install what is missing, build, run every test
#
# Both ask before they install through apt, unless CI or YES=1 is set.
# `make help` lists the rest. Everything that is built lands in build/;
# each sanitizer has a tree of its own there (build/asan, build/tsan).
#
#     make grade LAB=order SUBMISSION=path ARGS='--keep runs'
#     make verify LAB=order TIMES=3        (without LAB: every lab)
#     make soak N=1000 SEED=1 LAB=order    (the machine overloaded meanwhile)
#     make far-client N=50                 (N times four runs with slow links)
#     make mutants N=100 SEED=1            (without N: every mutant)
#     make install PREFIX=$HOME/.local     (DESTDIR works too)
#
# Variables: CC CFLAGS LDFLAGS WERROR=1 PYTHON PREFIX DESTDIR YES=1

PYTHON  ?= /usr/bin/python3
PREFIX  ?= /usr/local
BUILD   ?= build
CFLAGS  ?= -O2 -g
JOBS    ?= $(shell nproc)
TIMES   ?= 1

.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
.SUFFIXES:

# ---- C: one static library, one program a file of c_src/bin -------------

STD      := -std=c11 -D_GNU_SOURCE -pthread
WARN     := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Wformat=2 $(if $(WERROR),-Werror)
HARDEN   := -fstack-protector-strong
SANITIZE ?=
ALL_CFLAGS  = $(STD) $(WARN) $(HARDEN) -Ic_src $(SANITIZE) $(CFLAGS)
ALL_LDFLAGS = -pthread $(SANITIZE) $(LDFLAGS)
LABRUN_LIBS := -lpcap -ljansson

LIB_SRC  := $(wildcard c_src/core/*.c c_src/net/*.c c_src/observe/*.c)
BIN_SRC  := $(wildcard c_src/bin/*.c)
TEST_SRC := $(wildcard tests/c/*/test_*.c)
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o)
LIB      := $(BUILD)/liblab.a
BINS     := $(BIN_SRC:c_src/bin/%.c=$(BUILD)/bin/%)
C_TESTS  := $(TEST_SRC:tests/c/%.c=$(BUILD)/tests/%)

build: $(BINS) ## build the instrument and the labs' programs

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(LIB): $(LIB_OBJ)
	$(AR) rcs $@ $^

$(BUILD)/bin/%: $(BUILD)/c_src/bin/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) $< $(LIB) $(LIBS) -o $@
$(BUILD)/bin/labrun: LIBS := $(LABRUN_LIBS)
$(BUILD)/bin/labexec: LIBS := -lseccomp $(if $(SANITIZE),,-static)

$(BUILD)/tests/%: $(BUILD)/tests/c/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) $< $(LIB) -lcheck -lsubunit -lrt -lm -lseccomp $(LABRUN_LIBS) -o $@

-include $(LIB_OBJ:.o=.d) $(BIN_SRC:%.c=$(BUILD)/%.d) \
         $(TEST_SRC:%.c=$(BUILD)/%.d)

c-tests: $(C_TESTS) $(BINS)

check-c: c-tests ## run the C unit tests
	@failed=0; for t in $(C_TESTS); do \
	    LAB_BIN=$(BUILD)/bin $$t || failed=1; done; exit $$failed

check-asan: ## the C unit tests under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory check-c BUILD=build/asan \
	    SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'

check-tsan: ## the C unit tests under ThreadSanitizer
	@$(MAKE) --no-print-directory check-c BUILD=build/tsan \
	    SANITIZE='-fsanitize=thread'

# ---- packages ----------------------------------------------------------
#
# PACKAGE:PROGRAM means that the program will do, wherever it came from.

NEED := mininet python3 python3-yaml python3-fastjsonschema python3-jinja2 \
        python3-openpyxl python3-flask python3-waitress similarity-tester:sim_text \
        bubblewrap:bwrap bridge-utils:brctl iproute2:ip nftables:nft \
        net-tools:ifconfig iputils-ping:ping \
        gcc:cc make libc6-dev libpcap-dev libjansson-dev libseccomp-dev
NEED_TEST := $(NEED) check libsubunit-dev python3-pytest \
        python3-pytest-xdist python3-hypothesis procps:pkill default-jdk-headless:javac nodejs:node g++ \
        tmux tcpdump tshark chromium chromium-driver python3-selenium \
        mypy python3-typeshed clang-format cppcheck flake8 shellcheck

need: ## install what grading needs
	@tests/tools/need.sh $(NEED)

need-test: ## install what the tests need
	@tests/tools/need.sh $(NEED_TEST) $(NEED_ALSO)

# ---- use ---------------------------------------------------------------

MNGRADE := PYTHON=$(PYTHON) grader/mngrade

demo: need ## install what is missing, build, grade two submissions
	@echo 'Building ...'
	@$(MAKE) -s -j$(JOBS) build reference
	@$(MNGRADE) doctor >build/doctor.txt || { cat build/doctor.txt; exit 1; }
	@PYTHON=$(PYTHON) tests/tools/demo.sh

grade: need ## grade SUBMISSION (a folder or an archive) for LAB
	$(if $(LAB),,$(error Which lab? make grade LAB=order SUBMISSION=path))
	@$(MAKE) -s -j$(JOBS) build
	@$(MNGRADE) grade '$(LAB)' $(if $(SUBMISSION),'$(SUBMISSION)') $(ARGS)

verify: need ## grade every example of LAB, TIMES times, and compare
	@$(MAKE) -s -j$(JOBS) build
	@PYTHON=$(PYTHON) tests/tools/verify.sh '$(TIMES)' $(LAB)

soak: need ## grade N examples of LAB while the machine is overloaded
	@$(MAKE) -s -j$(JOBS) build
	@$(PYTHON) tests/tools/soak.py --seed '$(or $(SEED),1)' '$(or $(N),1000)' $(LAB)

far-client: need ## order's far client, N times; needs the kernel's netem
	@$(MAKE) -s -j$(JOBS) build
	@$(PYTHON) tests/tools/far_client.py --seed '$(or $(SEED),1)' '$(or $(N),50)'

mutants: need ## does order's rubric catch small faults in its reference?
	@tests/tools/need.sh python3-clang
	@$(MAKE) -s -j$(JOBS) build
	@$(PYTHON) tests/mutation/mutants.py --seed '$(or $(SEED),1)' $(if $(N),--sample $(N))

bench: need ## what a grading costs, against the bare programs
	@$(MAKE) -s -j$(JOBS) build
	@$(PYTHON) tests/bench/bench.py $(ARGS)

bench-class: need ## how fast a class of SIZE hand-ins is graded
	@$(MAKE) -s -j$(JOBS) build
	@$(PYTHON) tests/bench/bench_class.py --size '$(or $(SIZE),100)' $(ARGS)

same: need ## N re-runs of ten examples: the same report, byte for byte?
	@$(MAKE) -s -j$(JOBS) build
	@$(PYTHON) tests/tools/same.py --times '$(or $(N),20)' $(ARGS)

# The reference of lab `order` as a student would hand it in.
REFERENCE := $(addprefix c_src/,$(addprefix core/,line.c line.h order.c order.h) \
             $(addprefix net/,message.c message.h tcp.c tcp.h))
REFERENCE_BIN := c_src/bin/order_server.c c_src/bin/order_client.c

reference: build/reference/Makefile
build/reference/Makefile: tests/tools/reference.mk $(REFERENCE) $(REFERENCE_BIN)
	@rm -rf $(@D) && mkdir -p $(@D)
	@cp $(REFERENCE_BIN) $(@D)
	@cd c_src && cp --parents $(REFERENCE:c_src/%=%) ../$(@D)
	@cp $< $@

# ---- tests -------------------------------------------------------------

test: need-test ## install what is missing, build, run every test
	@$(MAKE) -s -j$(JOBS) build
	@MAKE='$(MAKE)' tests/tools/suite.sh

PYTEST := $(PYTHON) -m pytest -q -rsfE -p no:cacheprovider

check-python: build ## the Python tests that need no network of their own
	@$(PYTEST) tests/python

check-network: build ## the tests on Mininet
	@$(PYTEST) tests/network

check-browser: build ## the pages, in headless Chromium
	@$(PYTEST) tests/browser

# ONLY=word leaves out the attacks without that word in their names.
attacks: build ## hostile submissions: do they gain anything, break anything?
	@$(PYTEST) -n 2 tests/attacks $(if $(ONLY),-k '$(ONLY)')

# Three at once: many examples sleep.
check-labs: build ## every example of every lab gets its verdicts
	@$(PYTEST) -n 3 tests/labs

lint: ## formats, types, C and shell mistakes, nothing newer than Python 3.8
	@PYTHON=$(PYTHON) tests/tools/lint.sh

# ---- a virtual machine: see tests/vm/README.md ---------------------------

NEED_VM := mmdebstrap uidmap:newuidmap fakeroot fdisk:sfdisk e2fsprogs:mke2fs \
        mtools:mcopy syslinux syslinux-common qemu-utils:qemu-img \
        qemu-system-x86:qemu-system-x86_64 openssh-client:ssh
VM_PACKAGES := $(foreach p,$(NEED),$(firstword $(subst :, ,$p))) \
        check libsubunit-dev python3-pytest python3-pytest-xdist procps \
        default-jdk-headless nodejs g++ tmux tcpdump

need-vm:
	@tests/tools/need.sh $(NEED_VM)

vm: need-vm ## build a virtual machine with all of this in it
	@bash tests/vm/build.sh $(VM_PACKAGES)

vm-run: need-vm ## boot it here; SHARED=folder, PORT=2222
	@bash tests/vm/run.sh

vm-export: need-vm ## qcow2 and OVA for VirtualBox, VMware and others
	@bash tests/vm/export.sh

vm-test: need-vm build ## the tests in it, as a user and as root; WHAT='...' FULL=1
	@bash tests/vm/test.sh $(WHAT)

# ---- install -----------------------------------------------------------

HOME_DIR = $(DESTDIR)$(PREFIX)/lib/mngrade

install: build ## put mngrade under PREFIX
	rm -rf '$(HOME_DIR)'
	install -d '$(HOME_DIR)/build/bin' '$(DESTDIR)$(PREFIX)/bin'
	tar -cf - --exclude=__pycache__ grader labs topologies \
	    | tar -xf - --no-same-owner -C '$(HOME_DIR)'
	install -m 755 $(BINS) '$(HOME_DIR)/build/bin'
	chmod -R a+rX '$(HOME_DIR)'
	$(PYTHON) -m compileall -q '$(HOME_DIR)/grader' '$(HOME_DIR)/topologies'
	for lab in '$(HOME_DIR)'/labs/*; do \
	    $(PYTHON) -m compileall -q -l "$$lab" || exit; done
	ln -sf ../lib/mngrade/grader/mngrade '$(DESTDIR)$(PREFIX)/bin/mngrade'

uninstall: ## remove what install put there
	rm -rf '$(HOME_DIR)'
	rm -f '$(DESTDIR)$(PREFIX)/bin/mngrade'

# ---- fuzzing: clang and libFuzzer, one harness a parser; Hypothesis -------

FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
SECONDS ?= 600

fuzz: $(FUZZERS:%=build/fuzz/%) ## fuzz each C parser for SECONDS
	@set -e; for f in $(FUZZERS); do mkdir -p build/fuzz/$$f.corpus; \
	    dict=tests/fuzz/$$f.dict; [ -f $$dict ] || dict=/dev/null; \
	    echo "== $$f"; build/fuzz/$$f -max_total_time=$(SECONDS) \
	        -max_len=8192 -print_final_stats=1 -dict=$$dict \
	        -artifact_prefix=build/fuzz/ build/fuzz/$$f.corpus \
	        2>&1 | grep -E 'ERROR|SUMMARY|number_of_executed'; done

FUZZED := $(wildcard c_src/core/*.c c_src/observe/*.c)

build/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.h $(FUZZED) $(wildcard c_src/*/*.h)
	@mkdir -p $(@D)
	clang $(STD) -g -O1 -Ic_src -Itests/fuzz \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	    $< $(FUZZED) $(LABRUN_LIBS) -o $@

fuzz-python: build ## fuzz what the grader reads, each part for SECONDS
	@FUZZ_SECONDS='$(SECONDS)' $(PYTEST) tests/python/test_fuzz.py

clean: ## remove what was built
	rm -rf build

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  %-14s %s\n", $$1, $$2}' \
	    $(MAKEFILE_LIST)

.PHONY: fuzz fuzz-python build c-tests check-c check-asan check-tsan need need-test demo \
        grade verify soak mutants bench bench-class same reference test \
        check-python check-network check-browser check-labs attacks lint \
        install uninstall clean help need-vm vm vm-run vm-export vm-test \
        far-client
.SECONDARY:
