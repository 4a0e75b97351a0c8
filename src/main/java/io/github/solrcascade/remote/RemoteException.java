package io.github.solrcascade.remote;

/** A reranker that does not answer, or not as it should. Messages hold no key and no text. */
public final class RemoteException extends RuntimeException {

  RemoteException(String message) {
    super(message);
  }

  RemoteException(String message, Throwable cause) {
    super(message, cause);
  }
}
