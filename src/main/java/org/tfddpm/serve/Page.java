package org.tfddpm.serve;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.file.FileService;
import java.util.List;
import java.util.stream.Collectors;

/** What a browser sees at /: the files in the class path's page/, or where the models are. */
final class Page {
  private static final String FOLDER = "page";

  private Page() {}

  static HttpService of(List<String> models) {
    ClassLoader resources = Page.class.getClassLoader();
    if (resources.getResource(FOLDER + "/index.html") != null) {
      return FileService.of(resources, FOLDER);
    }
    String text =
        models.stream()
            .map(name -> "GET  /v1/models/" + name + "\nPOST /v1/models/" + name + ":predict\n")
            .collect(Collectors.joining("", "tfddpm serve\n\n", ""));
    return (context, request) ->
        context.path().equals("/")
            ? HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, text)
            : HttpResponse.of(HttpStatus.NOT_FOUND);
  }
}
