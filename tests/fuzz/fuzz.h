/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fuzz target is a file fuzz_<parser>.c that defines this one function: it
 * gives the input to the parser and aborts when a claim about the result does
 * not hold.  The name is the one that fuzzing engines look for; main.c is a
 * small engine of our own, which needs nothing but the compiler.
 */
#ifndef MK_TEST_FUZZ_H
#define MK_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CLAIM(truth)  \
    do {              \
        if (!(truth)) \
            abort();  \
    } while (0)

#endif
