#include "rebut/peel.h"

#include <math.h>

#define GONE UINT32_MAX
#define LEAVING (UINT32_MAX - 1) /* out of the heap, its edges still there */
#define SOFTENING 5.0            /* the c of FRAUDAR's 1 / log(x + c) */

rebut_fixed rebut_peel_weight(uint32_t degree)
{
    return rebut_to_fixed(1 / log((double)degree + SOFTENING));
}

/* A heap of the nodes that are left, the least degree on top. */
struct heap {
    const struct rebut_peel_work *work;
    uint32_t count;
};

static void put(struct heap *heap, uint32_t at, uint32_t node)
{
    heap->work->heap[at] = node;
    heap->work->place[node] = at;
}

static void sift_up(struct heap *heap, uint32_t at)
{
    const rebut_fixed *degree = heap->work->degree;
    const uint32_t node = heap->work->heap[at];
    while (at > 0 && degree[node] < degree[heap->work->heap[(at - 1) / 2]]) {
        put(heap, at, heap->work->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(heap, at, node);
}

static void sift_down(struct heap *heap, uint32_t at)
{
    const rebut_fixed *degree = heap->work->degree;
    const uint32_t node = heap->work->heap[at];
    for (uint32_t child = 2 * at + 1; child < heap->count; child = 2 * at + 1) {
        const uint32_t *list = heap->work->heap;
        child += child + 1 < heap->count && degree[list[child + 1]] < degree[list[child]];
        if (degree[node] <= degree[list[child]])
            break;
        put(heap, at, list[child]);
        at = child;
    }
    put(heap, at, node);
}

static uint32_t take_least(struct heap *heap)
{
    const uint32_t node = heap->work->heap[0];
    heap->work->place[node] = LEAVING;
    if (--heap->count > 0) {
        put(heap, 0, heap->work->heap[heap->count]);
        sift_down(heap, 0);
    }
    return node;
}

static struct heap make_heap(const struct rebut_graph *graph,
                             const struct rebut_peel_work *work, rebut_total *ret_sum)
{
    struct heap heap = {.work = work, .count = graph->nodes};
    *ret_sum = 0;
    for (uint32_t node = 0; node < graph->nodes; node++) {
        work->degree[node] = 0;
        for (uint32_t i = graph->first[node]; i < graph->first[node + 1]; i++)
            work->degree[node] += graph->weight[i];
        *ret_sum += work->degree[node];
        put(&heap, node, node);
    }
    *ret_sum /= 2;
    for (uint32_t at = graph->nodes / 2; at-- > 0;)
        sift_down(&heap, at);
    return heap;
}

/* Take a node and its edges away; gives their weight. */
static rebut_fixed leave(const struct rebut_graph *graph, struct heap *heap,
                         uint32_t node)
{
    rebut_fixed *degree = heap->work->degree;
    uint32_t *place = heap->work->place;
    place[node] = GONE;
    for (uint32_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
        const uint32_t other = graph->neighbour[i];
        if (place[other] == GONE)
            continue;
        degree[other] -= graph->weight[i];
        if (place[other] != LEAVING)
            sift_up(heap, place[other]);
    }
    return degree[node];
}

double rebut_peel(const struct rebut_graph *graph, const struct rebut_peel_work *work,
                  uint8_t *ret_kept)
{
    rebut_total sum = 0;
    struct heap heap = make_heap(graph, work, &sum);
    rebut_total best_sum = sum;
    uint32_t best_count = graph->nodes, taken = 0;
    while (heap.count > 0) {
        const uint32_t begin = taken;
        const rebut_fixed least = work->degree[work->heap[0]];
        while (heap.count > 0 && work->degree[work->heap[0]] == least)
            work->order[taken++] = take_least(&heap);
        for (uint32_t i = begin; i < taken; i++)
            sum -= leave(graph, &heap, work->order[i]);
        if (heap.count > 0 && sum * best_count > best_sum * heap.count) {
            best_sum = sum;
            best_count = heap.count;
        }
    }
    for (uint32_t i = 0; i < graph->nodes; i++)
        ret_kept[work->order[i]] = best_sum > 0 && i >= graph->nodes - best_count;
    return best_sum > 0 ? rebut_from_total(best_sum) / best_count : 0;
}
