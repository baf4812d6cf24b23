package org.tfddpm.data;

/**
 * Images of one size that fit in memory.
 *
 * @param pixels the images one after the other, each [height,width,channels], 0 ... 255
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MemorySource(byte[] pixels, long count, int height, int width, int channels)
    implements Source {}
