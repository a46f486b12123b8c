package com.example;

import java.util.List;
import org.allclose.type.*;

public class OwnTypes implements TypeProvider {
  @Override
  public List<Type<?>> types() {
    return List.of(Swish.TYPE);
  }
}
