/*
 * The first thing that native code of .NET does, before any of ours, is to lay out its data: the tables of its types, its literals. It
 * writes all of them, some 12 MB, into memory that the kernel hands out page by page, and these 3,000 faults are a third of what
 * a short command takes. Asked for large pages, the kernel hands out five of 2 MiB, and small ones for the rest.
 *
 * Where it has none, or they are switched off (/sys/kernel/mm/transparent_hugepage/enabled: never), this changes nothing. The agent and
 * the keepers of containers do without: they start once and stay, and what a large page holds beyond that data would stay with them.
 */
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

/* From the linker: what begins as zeros, that data at its end. */
extern char __bss_start[], _end[];

#define LARGE ((uintptr_t)2 << 20)

static int stays(int count, char **words)
{
    return count > 2 && strcmp(words[1], "agent") == 0 && (strcmp(words[2], "run") == 0 || strcmp(words[2], "container") == 0);
}

/* glibc passes a constructor what it passes main. */
__attribute__((constructor)) static void ask_for_large_pages(int count, char **words)
{
    if (stays(count, words))
        return;

    uintptr_t start = ((uintptr_t)__bss_start + LARGE - 1) & ~(LARGE - 1);
    uintptr_t end = (uintptr_t)_end & ~(LARGE - 1);
    if (start < end)
        (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
}
