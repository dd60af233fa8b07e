#include "rebut/huge.h"

#include <stdint.h>
#include <sys/mman.h>

#define MALLOC_OWN ((size_t)32) /* more than malloc puts before what it maps */

size_t rebut_huge_size(size_t size)
{
    if (size < REBUT_HUGE_FROM || size > SIZE_MAX / 2)
        return size;
    const size_t pages = (size + MALLOC_OWN + REBUT_HUGE_PAGE - 1) / REBUT_HUGE_PAGE;
    return pages * REBUT_HUGE_PAGE - MALLOC_OWN;
}

void rebut_huge(void *data, size_t size)
{
#ifdef MADV_HUGEPAGE
    /* From the page on which malloc's own bytes are, if that begins a large one. */
    const uintptr_t page = 4096, at = (uintptr_t)data;
    const uintptr_t from = ((at & -page) + REBUT_HUGE_PAGE - 1) & -REBUT_HUGE_PAGE;
    const uintptr_t to = (at + size + MALLOC_OWN) & -REBUT_HUGE_PAGE;
    if (from < to)
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE); /* NOLINT: an address */
#else
    (void)data, (void)size;
#endif
}
