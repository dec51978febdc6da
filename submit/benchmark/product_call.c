/* Prints how many nanoseconds OpenBLAS takes for a product of one number by one, called from C. */
#include <stdio.h>
#include <time.h>

enum { ROW_MAJOR = 101, AS_IS = 111, TRANSPOSED = 112, CALLS = 1000, REPEATS = 10000 };

void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc);
void openblas_set_num_threads(int threads);

static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e9 * now.tv_sec + now.tv_nsec;
}

int main(void) {
    openblas_set_num_threads(1);
    float a[16] = {0.5f}, b[16] = {0.25f}, c[16] = {0};
    double least = 1e18;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double began = nanoseconds();
        for (int i = 0; i < CALLS; i++) {
            cblas_sgemm(ROW_MAJOR, AS_IS, TRANSPOSED, 1, 1, 1, 1e-3f, a, 1, b, 1, 0, c, 1);
        }
        double time = (nanoseconds() - began) / CALLS;
        least = time < least ? time : least;
    }
    printf("%.2f\n", least);
    return 0;
}
