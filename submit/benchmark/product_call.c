/* Times products of one head over sequences of n tokens, head size 64, called from C: what they take without Java.
 * Prints one line "n nanoseconds" for each n given; n = 1 is a product of one number by one. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROW_MAJOR = 101, AS_IS = 111, TRANSPOSED = 112, HEAD = 64, FLOATS = 1 << 16 };

void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc);
void openblas_set_num_threads(int threads);

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

int main(int count, char **arguments) {
    openblas_set_num_threads(1);
    float *a = calloc(FLOATS, sizeof(float));
    float *b = calloc(FLOATS, sizeof(float));
    float *c = calloc(FLOATS, sizeof(float));
    for (int i = 0; i < FLOATS; i++) {
        a[i] = 1e-3f * (i % 101);
        b[i] = 1e-3f * (i % 103);
    }
    for (int argument = 1; argument < count; argument++) {
        int n = atoi(arguments[argument]);
        int k = n == 1 ? 1 : HEAD;
        long done = 0;
        double began = seconds();
        double warm = began + 0.5;
        double now = began;
        while (now < warm + 2) {
            for (int i = 0; i < 1000; i++) {
                cblas_sgemm(ROW_MAJOR, AS_IS, TRANSPOSED, n, n, k, 1e-3f, a, k, b, k, 0, c, n);
            }
            now = seconds();
            if (now < warm) {
                began = now;
            } else {
                done += 1000;
            }
        }
        printf("%d %.2f\n", n, 1e9 * (now - began) / done);
    }
    return 0;
}
