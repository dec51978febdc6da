// What the stand-in of NVRTC calls machine code, and the stand-in of the driver loads.
#pragma once

#define IMAGE_FORMAT "stand-in machine code for sm_%d"
