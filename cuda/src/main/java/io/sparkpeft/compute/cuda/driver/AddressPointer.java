package io.sparkpeft.compute.cuda.driver;

import org.bytedeco.javacpp.Pointer;

/** An address as the bindings take it, to be set anew for every call. */
final class AddressPointer extends Pointer {
    AddressPointer at(long newAddress) {
        address = newAddress;
        return this;
    }
}
