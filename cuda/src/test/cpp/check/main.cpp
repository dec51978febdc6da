// Launches every kernel of the emulator in several shapes, layouts and orders. Built with -fsanitize=address,undefined this
// finds reads and writes beyond a matrix, unaligned packs and undefined arithmetic; without, what Case::run checks.
#include <cstdio>
#include <set>
#include <stdexcept>

#include "cases.h"

extern "C" int emulator_kernel_count();
extern "C" const char* emulator_kernel_name(int);

int main() {
    std::set<std::string> launched;
    int launches = 0;
    Run run = [&](Case& launch) {
        launch.run();
        launched.insert(launch.kernel);
        launches++;
    };
    try {
        for (Layout layout : {Layout::DENSE, Layout::STRIDED}) {
            for (int rows : {1, 70}) {
                for (int columns : {1, 32, 131}) {
                    element_cases(layout, rows, columns, run);
                    row_cases(layout, rows, columns, run);
                    index_cases(layout, rows, columns, run);
                    product_cases(layout, rows, columns, run);
                }
            }
            bool dense = layout == Layout::DENSE;
            attention_cases(layout, dense ? 80 : 5, dense, !dense, run);
        }
    } catch (const std::runtime_error& error) {
        printf("FAILED %s\n", error.what());
        return 1;
    }
    for (int i = 0; i < emulator_kernel_count(); i++) {
        if (launched.count(emulator_kernel_name(i)) == 0) {
            printf("FAILED no case launches %s\n", emulator_kernel_name(i));
            return 1;
        }
    }
    printf("%d launches of %zu kernels agree in all orders\n", launches, launched.size());
    return 0;
}
