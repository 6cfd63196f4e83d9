package dev.millrace.streams;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How one kind of message is written, field by field. */
interface MessageCodec<T> {

  void write(T message, DataOutputView out) throws IOException;

  /**
   * @param version the format that {@link #write} had when the bytes were written
   */
  T read(int version, DataInputView in) throws IOException;
}
